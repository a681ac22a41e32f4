"""The sync service: builds its parts and runs. The kiosk and it meet only in the journal's file."""
