"""Trains the flight-delay model. Yours to change: the platform calls this script and reads what it leaves in the model folder."""

from pathlib import Path

from modelway_container.training import run

if __name__ == "__main__":
    run(source=Path(__file__).resolve().parent)
