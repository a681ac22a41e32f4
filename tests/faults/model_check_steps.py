"""The clients' side of the model, and all that can happen next."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from appliance.shops.contract import OrderStatus
from appliance.sync.steps import Action, Step
from tests.faults.model_check_server import served
from tests.faults.model_check_tables import Table
from tests.faults.model_check_world import Client, Next, Request, Rules, World, shown, with_client

READS: Final = (Action.FIND, Action.CHECK, Action.LOOK)
CALLS: Final = (Action.RESERVE, Action.CLAIM, Action.COMMIT)


def steps(rules: Rules, world: World) -> Next:
    """All that can happen next, each with its name."""
    for number, client in enumerate(world.clients):
        if client is not None:
            yield from _client(rules, world, number, client)
    if rules.is_cloned and world.clients[1] is None:
        yield "the card is copied", _copied(rules, world)
    seen: set[Request] = set()
    for place, request in enumerate(world.net):
        if request not in seen:
            seen.add(request)
            yield from served(rules, world, place, request)


def _client(rules: Rules, world: World, number: int, client: Client) -> Next:
    name = f"till {number + 1}"
    if client.is_waiting:
        yield (
            f"{name} gives up waiting",
            _given_up(world, number, client._replace(step=None, is_waiting=False)),
        )
    if world.crashes < rules.crashes and not client.is_parked:
        yield f"{name} crashes", _crashed(rules, world, number, client)._replace(crashes=world.crashes + 1)
    if client.is_sent:
        yield from _swept(rules, world, number, client)
    elif not client.is_waiting and not client.is_parked:
        step = client.step or rules.table.first(client.progress)
        if step.action in CALLS:
            yield from _asked(rules, world, number, client, step)
        else:
            yield f"{name}: {step.action}", _done(rules, world, number, client, step)


def _done(rules: Rules, world: World, number: int, client: Client, step: Step) -> World:
    """A look at the shop, or a write to the disk."""
    table, progress = rules.table, client.progress
    if step.action in READS:
        orders = tuple(shown(place, order) for place, order in enumerate(world.orders, 1))
        then: Step | None
        if step.action is Action.LOOK:
            judge = table.looking if progress.claim_id is None else table.missing
            order_id = step.order_id or progress.order_id or 0
            then = judge(progress, orders[order_id - 1])
        else:
            judge_all = table.finding if step.action is Action.FIND else table.checking
            then = judge_all(progress, orders)
        return with_client(world, number, client._replace(step=then))
    if step.action is Action.UNCLAIM:
        kept = world.claim if world.claim and world.claim.claim_id != progress.claim_id else None
        return with_client(world._replace(claim=kept), number, client._replace(step=Step(Action.FORGET)))
    if step.action is Action.DOUBT:
        return with_client(world, number, client._replace(step=None))
    return with_client(world, number, _written(table, client, step))


def _written(table: Table, client: Client, step: Step) -> Client:
    progress = client.progress
    match step.action:
        case Action.NOTE_POSTED:
            progress = replace(progress, posted=True)
        case Action.REMEMBER:
            progress = replace(progress, order_id=step.order_id)
        case Action.HOLD_CLAIM:
            progress = replace(progress, order_id=step.order_id, claim_id=step.claim_id)
        case Action.FORGET:
            progress = replace(progress, order_id=None, committing=False, claim_id=None)
        case Action.NOTE_COMMITTING:
            progress = replace(progress, committing=True)
        case Action.PARK:
            return client._replace(step=None, is_parked=True)
        case Action.ADOPT_SENT:
            return Client(progress=replace(progress, order_id=step.order_id), is_sent=True)
        case _:
            return Client(progress=progress, is_sent=True)
    return client._replace(progress=progress, step=table.writing(progress, step.action))


def _asked(rules: Rules, world: World, number: int, client: Client, step: Step) -> Next:
    if world.requests >= rules.requests:
        return
    call = str(step.action)
    if rules.is_quiet and call == "commit" and any(each.call == "commit" for each in world.net):
        return
    order_id = 0 if call == "reserve" else step.order_id or client.progress.order_id or 0
    request = Request(call, order_id, number, is_awaited=True, copies=2 if rules.is_doubled else 1)
    sent = _sending(world, request)
    about = f" {order_id}" if order_id else ""
    yield (
        f"till {number + 1} sends {call}{about}",
        with_client(sent, number, client._replace(step=step, is_waiting=True)),
    )


def _sending(world: World, request: Request) -> World:
    return world._replace(net=tuple(sorted((*world.net, request))), requests=world.requests + 1)


def _swept(rules: Rules, world: World, number: int, client: Client) -> Next:
    """The late look cancels what holds stock beside the sale's order; the claim goes at any time after the telling."""
    if world.requests < rules.requests and not (
        rules.is_patient and any(each.call == "cancel" for each in world.net)
    ):
        for order_id, order in enumerate(world.orders, 1):
            if (
                order.status in (OrderStatus.RESERVED, OrderStatus.PENDING)
                and order_id != client.progress.order_id
            ):
                request = Request("cancel", order_id, number, is_awaited=False)
                yield f"till {number + 1} sends cancel {order_id}", _sending(world, request)
    if world.claim is not None and world.claim.claim_id == client.progress.claim_id:
        yield f"till {number + 1} drops the claim", world._replace(claim=None)


def _crashed(rules: Rules, world: World, number: int, client: Client) -> World:
    inherited = client.progress.inherited or (rules.table.inherits[number] and not client.is_sent)
    after = client._replace(
        step=None, is_waiting=False, progress=replace(client.progress, inherited=inherited)
    )
    return _given_up(world, number, after)


def _given_up(world: World, number: int, after: Client) -> World:
    net = tuple(each._replace(is_awaited=False) if each.client == number else each for each in world.net)
    return with_client(world._replace(net=tuple(sorted(net))), number, after)


def _copied(rules: Rules, world: World) -> World:
    """While the machine is off. Each of the two then tells what was unsent as its table says."""
    off = _crashed(rules, world, 0, world.clients[0] or Client())
    old = off.clients[0] or Client()
    if old.is_sent:
        return with_client(off, 1, old)
    copied = replace(old.progress, inherited=rules.table.inherits[1])
    return with_client(off, 1, Client(progress=copied, is_parked=old.is_parked))
