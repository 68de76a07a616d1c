"""What runs inside SageMaker's ready-made XGBoost image: training, and serving with an exact explanation of every prediction.

Import the module you need; this file loads nothing, so that a serving process starts with neither XGBoost nor PyArrow.
"""

import os

# OpenMP reads this once, when XGBoost loads it. By default its idle threads spin: with as many threads as processors, and something
# else on one of them, training then costs ten times the processor time. Threads that sleep cost nothing worth measuring.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
