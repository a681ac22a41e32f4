"""What every test stands on: Kivy draws off screen, makes no sound, and takes neither arguments nor settings.

Set before the first import of Kivy, whichever test makes it.
"""

import os

os.environ.update(
    SDL_VIDEODRIVER="offscreen",
    SDL_AUDIODRIVER="dummy",
    KIVY_NO_ARGS="1",
    KIVY_NO_CONFIG="1",
    KIVY_NO_FILELOG="1",
    KIVY_NO_ENV_CONFIG="1",
)
