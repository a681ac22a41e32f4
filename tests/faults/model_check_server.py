"""The shop's side of the model: what a request that is under way can come to."""

from __future__ import annotations

from appliance.shops.contract import Claim, OrderStatus, ShopOrder
from appliance.sync.steps import Action, Step
from tests.faults.model_check_world import Next, Order, Request, Rules, World, shown, with_client


def served(rules: Rules, world: World, place: int, request: Request) -> Next:
    rest = (*world.net[:place], *world.net[place + 1 :])
    name = f"{request.call}{f' {request.order_id}' if request.order_id else ''} of till {request.client + 1}"
    if not request.has_looked:
        yield f"{name} is dropped", world._replace(net=rest)
        if needs_two(world, request):
            looked = request._replace(has_looked=True, saw=world.orders[request.order_id - 1].is_marked)
            yield f"{name} begins", world._replace(net=tuple(sorted((*rest, looked))))
            return
    after = request._replace(copies=request.copies - 1, has_looked=False, saw=False)
    base = world._replace(net=tuple(sorted((*rest, after))) if after.copies else rest)
    for outcome, told in _outcomes(rules, base, request):
        if request.is_awaited:
            lost = outcome._replace(
                net=tuple(
                    sorted(each._replace(is_awaited=False) if each == after else each for each in outcome.net)
                )
            )
            yield f"{name} runs, the answer is lost", lost
            if told is not None:
                yield f"{name} runs", _answered(rules, lost, request.client, told)
        else:
            yield f"{name} runs late", outcome


def needs_two(world: World, request: Request) -> bool:
    """Whether this request looks first and writes later."""
    if request.call == "commit":
        order = world.orders[request.order_id - 1]
        return order.status is not OrderStatus.COMMITTED and not order.is_marked
    return request.call == "cancel" and world.orders[request.order_id - 1].status in (
        OrderStatus.RESERVED,
        OrderStatus.PENDING,
    )


def _outcomes(rules: Rules, world: World, request: Request) -> list[tuple[World, Claim | ShopOrder | None]]:
    match request.call:
        case "reserve":
            made = Order(rules.table.makes, int(rules.table.takes), rules.table.takes)
            results: list[tuple[World, Claim | ShopOrder | None]] = [_made(world, made)]
            if rules.is_dying:
                results.append((_made(world, Order(rules.table.makes, 0, False))[0], None))
            return results
        case "claim":
            made_claims = world.claims_made + 1
            claim = world.claim or Claim(made_claims, request.order_id)
            return [(world._replace(claim=claim, claims_made=made_claims), claim)]
        case "commit":
            return [_committed(world, request)]
        case _:
            return [(_cancelled(world, request), None)]


def _made(world: World, order: Order) -> tuple[World, ShopOrder]:
    orders = (*world.orders, order)
    return world._replace(orders=orders), shown(len(orders), order)


def _committed(world: World, request: Request) -> tuple[World, ShopOrder]:
    order = world.orders[request.order_id - 1]
    if request.has_looked and not request.saw:
        order = Order(OrderStatus.COMMITTED, order.taken + 1, is_marked=True)
    else:
        order = order._replace(status=OrderStatus.COMMITTED)
    return _changed(world, request.order_id, order), shown(request.order_id, order)


def _cancelled(world: World, request: Request) -> World:
    order = world.orders[request.order_id - 1]
    if not request.has_looked:
        return world
    return _changed(
        world, request.order_id, Order(OrderStatus.CANCELLED, order.taken - request.saw, is_marked=False)
    )


def _changed(world: World, order_id: int, order: Order) -> World:
    return world._replace(orders=(*world.orders[: order_id - 1], order, *world.orders[order_id:]))


def _answered(rules: Rules, world: World, number: int, told: Claim | ShopOrder) -> World:
    client = world.clients[number]
    if client is None or not client.is_waiting or client.step is None:
        return world
    table = rules.table
    if isinstance(told, Claim):
        step: Step | None = table.claiming(told)
    elif client.step.action is Action.RESERVE:
        step = table.reserving(told)
    else:
        step = table.committing(told)
    return with_client(world, number, client._replace(step=step, is_waiting=False))
