"""What is handed back to the customer, in words: cash from the drawer, and what the card terminal has to undo."""

from collections.abc import Sequence

from appliance.domain.money import Currency
from appliance.domain.tender import Tender, TenderKind
from appliance.ui.strings import Words


def given_back(say: Words, currency: Currency, tenders: Sequence[Tender]) -> list[str]:
    """One sentence for each way of paying, cash first; none if nothing was taken."""
    cash, card = (
        sum(each.amount_minor for each in tenders if each.kind is kind)
        for kind in (TenderKind.CASH, TenderKind.CARD)
    )
    said = [say("pay.gave_back", amount=currency.price(cash))] if cash else []
    return [*said, say("pay.gave_back_card", amount=currency.amount(card))] if card else said
