"""What a cashier does, one file per activity.

Each class is built once, in the program, from the parts that it uses, and is called on the screen's thread
with the screen's connection; only printing has a thread and a connection of its own. Values come back,
refusals are exceptions whose text is the cashier's sentence. Nothing here keeps what the file does not: a
sale in progress, with the tenders already taken, is in the file after each touch.
"""
