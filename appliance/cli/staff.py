"""Who may sign in: lists them, adds somebody, or gives somebody a new PIN."""

from __future__ import annotations

import argparse

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.cli._pins import ask_pin
from appliance.domain.staff import Role
from appliance.settings import load
from appliance.storage.database import Database
from appliance.storage.errors import StaffError
from appliance.storage.staff import Staff


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("--add", metavar="NAME", help="asks for the PIN")
    parser.add_argument("--role", choices=[role.value for role in Role], default=Role.CASHIER.value)
    parser.add_argument("--pin", metavar="NAME", help="asks for a new PIN; wrong ones are forgotten")


def run(arguments: argparse.Namespace) -> int:
    """List who may sign in; a PIN is asked for, never given on the command line."""
    settings = load(arguments.settings)
    database = Database.open(file_of(settings), now=now)
    try:
        people = Staff(database)
        if arguments.add:
            people.add(arguments.add, Role(arguments.role), ask_pin(settings))
        if arguments.pin:
            people.set_pin(_number_of(people, arguments.pin), ask_pin(settings))
        for person in people.people():
            print(f"{person.name:<24}{person.role}")
    finally:
        database.close()
    return 0


def _number_of(people: Staff, name: str) -> int:
    for person in people.people():
        if person.name == name:
            return person.person_id
    raise StaffError(f"{name} does not work here.")
