"""QuickBooks Online over HTTP: a plain library on python-quickbooks and intuit-oauth (design.md §2).

The only package that speaks HTTP. It knows neither Django nor our records: host, tokens, clock and speed limits come in
through the constructors.

- ``environment``  where Intuit (or the simulator) is
- ``oauth``        signing in: authorization, tokens, revoking
- ``company``      one connected company: query, read, list, create, update, batch
- ``batch``        the body of a batch and its answers
- ``body``         python-quickbooks objects to compact JSON with exact numbers
- ``query``        literals and statements of the query language
- ``throttle``     Intuit's speed limits, one throttle per company
- ``errors``       everything that can go wrong, and whether it may have been done nevertheless
- ``answer``, ``wire``, ``sessions``  how the above talk HTTP
"""
