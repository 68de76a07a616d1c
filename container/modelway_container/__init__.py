"""What runs inside SageMaker's ready-made XGBoost image: training, and serving with an exact explanation of every prediction.

Import the module you need; this file stays empty so that a serving process loads neither XGBoost nor PyArrow.
"""
