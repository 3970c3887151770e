"""Given names as seniors and their families write them, where the package `nicknames` has no form of them."""

# One name that is written in several ways. Names that only look alike, Francis and Frances, are not of one line.
SPELLINGS = tuple(
    frozenset(line.split())
    for line in """
    alan allan allen
    ann anne
    anthony antony
    beverly beverley
    brian bryan
    carl karl
    carol carole
    catherine katherine katharine kathryn cathryn catharine
    christine kristine
    christina kristina
    debra deborah debora
    diane dianne
    duane dwayne dwain
    edith edythe
    eleanor elinor elenor eleanore
    elizabeth elisabeth
    eric erik erick
    frederick fredrick frederic
    gail gale gayle
    geoffrey jeffrey jeffery
    glen glenn
    harriet harriett harriette
    isabel isabelle isobel
    jacqueline jacquelyn
    joann joanne
    john jon
    kristen kristin
    laurence lawrence
    leslie lesley
    lillian lilian
    lorraine loraine
    lynn lynne
    marc mark
    marjorie margery marjory
    matthew mathew
    michele michelle
    neal neil
    nicholas nicolas
    philip phillip
    phyllis phylis
    rachel rachael
    randall randal
    rebecca rebekah
    roger rodger
    rosemary rosemarie
    russell russel
    sara sarah
    sean shawn shaun
    shirley shirlee
    stephen steven stephan
    stewart stuart
    susan suzan
    theresa teresa therese
    vivian vivien
    """.splitlines()
    if line.strip()
)
SHORT_FORMS = {
    "alonzo": frozenset({"lonnie"}), "alberto": frozenset({"beto"}), "antoinette": frozenset({"toni"}),
    "casimir": frozenset({"casey"}), "charles": frozenset({"chip"}), "christopher": frozenset({"kip"}),
    "dolores": frozenset({"dee"}), "guillermo": frozenset({"memo"}), "henrietta": frozenset({"netta"}),
    "jerome": frozenset({"jerry"}), "jesus": frozenset({"chuy"}), "joan": frozenset({"joanie"}),
    "johannes": frozenset({"hans"}), "jose": frozenset({"pepe"}), "katherine": frozenset({"kitty"}),
    "lewis": frozenset({"lew"}), "lillian": frozenset({"lillie"}), "lorraine": frozenset({"lori"}),
    "malcolm": frozenset({"mack"}), "margaret": frozenset({"greta"}), "mary": frozenset({"mimi"}),
    "matilda": frozenset({"tillie"}), "mildred": frozenset({"millie"}), "milton": frozenset({"milt"}),
    "morris": frozenset({"moe"}), "morton": frozenset({"mort"}), "oswald": frozenset({"ozzie"}),
    "robert": frozenset({"robbie"}), "rosemary": frozenset({"rosie"}), "seymour": frozenset({"sy"}),
    "sharon": frozenset({"sherry"}), "stanley": frozenset({"stan"}), "tamara": frozenset({"tammy"}),
    "thaddeus": frozenset({"tad"}), "vernon": frozenset({"vern"}), "william": frozenset({"bud"}),
}  # fmt: skip
