"""``python -m zhiji_kg`` is the command ``zhiji``."""

from .cli import main

if __name__ == "__main__":
    main()
