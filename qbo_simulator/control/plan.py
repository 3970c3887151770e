"""What the rules of behaviour make of one request, settled before anything is done."""

from dataclasses import dataclass

from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.control.rules import Rule
from qbo_simulator.exchange import Exchange, Operation
from qbo_simulator.faults import Fault, GatewayFault


@dataclass
class Plan:
    """due: when the answer leaves, on the monotonic clock.  refusal: what is answered instead.

    drop: when the connection is dropped: before anything is done, after, or midway through a batch.
    """

    due: float
    refusal: Fault | GatewayFault | None = None
    drop: str | None = None


def plan_for(behaviour: Behaviour, exchange: Exchange) -> Plan:
    """The plan for a request.  Faults of single operations are noted in the exchange."""
    operations = billed_operations(exchange)
    latency = behaviour["latency"]
    delay = latency["base_ms"] + latency["per_operation_ms"] * operations
    plan = Plan(exchange.started + delay / 1000)
    rule = behaviour.firing(lambda each: "fault" not in each.then and each.applies_to_request(exchange))
    if rule is not None:
        follow(rule[1], plan, exchange)
    for place, operation in enumerate(exchange.operations):
        fault = behaviour.firing(lambda each, about=operation: faults_operation(each, exchange, about))  # type: ignore[misc]
        if fault is not None:
            exchange.faulted[place] = fault[1]
            exchange.injected.append(f"fault {fault[1].fault().code} on operation {place + 1}")
            plan.due += fault[1].then.get("delay_ms", 0) / 1000
    return plan


def billed_operations(exchange: Exchange) -> int:
    """Operations that take time: each item of a batch, and a single write."""
    if exchange.what == "batch":
        return len(exchange.operations)
    return sum(1 for operation in exchange.operations if operation.writes)


def faults_operation(rule: Rule, exchange: Exchange, operation: Operation) -> bool:
    return "fault" in rule.then and rule.is_at(exchange) and rule.is_about(operation)


def follow(rule: Rule, plan: Plan, exchange: Exchange) -> None:
    """Put what a rule says into the plan; "midway" of what is no batch is "after"."""
    then = rule.then
    plan.due += then.get("delay_ms", 0) / 1000
    if "status" in then:
        plan.refusal = rule.refusal()
    plan.drop = then.get("drop")
    if plan.drop == "midway":
        exchange.midway = rule
    for name in ("delay_ms", "status", "drop"):
        if name in then:
            exchange.injected.append(f"{name} {then[name]}")
