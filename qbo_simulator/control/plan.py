"""What the rules of behaviour make of one request, settled before anything is done."""

from dataclasses import dataclass

from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.control.limits import shaped
from qbo_simulator.control.rules import Refusal, Rule
from qbo_simulator.exchange import Exchange, Operation
from qbo_simulator.faults import GatewayFault


@dataclass
class Plan:
    """due: when the answer leaves, on the monotonic clock.  refusal: what is answered instead.

    drop: when the connection is dropped: before anything is done, after, or midway through a batch.
    """

    due: float
    refusal: Refusal | None = None
    drop: str | None = None


def plan_for(behaviour: Behaviour, exchange: Exchange) -> Plan:
    """The plan for a request.  Faults of single operations are noted in the exchange."""
    operations = billed_operations(exchange)
    latency = behaviour["latency"]
    plan = Plan(exchange.started + (latency["base_ms"] + latency["per_operation_ms"] * operations) / 1000)
    fired = behaviour.firing(lambda each: not each.is_about_operations and each.applies_to_request(exchange))
    if fired is not None:
        follow(fired, plan, exchange, behaviour)
        plan.refusal = shaped_refusal(fired[1], behaviour)
    for place, operation in enumerate(exchange.operations):
        fired = behaviour.firing(lambda each, about=operation: faults_operation(each, exchange, about))  # type: ignore[misc]
        if fired is not None:
            fault = fired[1].fault()
            exchange.faulted[place] = fault
            note(exchange, behaviour, f"fault {fault.code}", f" on operation {place + 1}")
            follow(fired, plan, exchange, behaviour)
    return plan


def billed_operations(exchange: Exchange) -> int:
    """Operations that take time: each item of a batch, and a single write."""
    if exchange.what == "batch":
        return len(exchange.operations)
    return sum(1 for operation in exchange.operations if operation.writes)


def faults_operation(rule: Rule, exchange: Exchange, operation: Operation) -> bool:
    return rule.is_about_operations and rule.is_at(exchange) and rule.is_about(operation)


def follow(fired: tuple[int, Rule], plan: Plan, exchange: Exchange, behaviour: Behaviour) -> None:
    """Put what a rule says of the whole request into the plan; "midway" of what is no batch is "after"."""
    place, rule = fired
    then = rule.then
    exchange.rules.append(place)
    plan.due += then.get("delay_ms", 0) / 1000
    plan.drop = then.get("drop", plan.drop)
    if plan.drop == "midway":
        exchange.midway = exchange.midway or rule
    exchange.forgotten = exchange.forgotten or not then.get("remember", True)
    for name in ("delay_ms", "status", "drop"):
        if name in then:
            note(exchange, behaviour, f"{name} {then[name]}")
    if rule.refuses_sign_in:
        note(exchange, behaviour, f"fault {then['fault']}")


def note(exchange: Exchange, behaviour: Behaviour, what: str, where: str = "") -> None:
    """Count what is done on demand, and put it into the request log."""
    behaviour.count(what)
    exchange.injected.append(f"{what}{where}")


def shaped_refusal(rule: Rule, behaviour: Behaviour) -> Refusal | None:
    """The answer of a rule; too many requests are told of in the form that the control of the limits says."""
    refusal = rule.refusal()
    if isinstance(refusal, GatewayFault) and refusal.status == 429:
        return shaped({**behaviour["limits"], "answer": "xml" if behaviour["limits"]["answer"] == "xml" else "json"})
    return refusal
