"""Fit what answering learns: ranking, calibration, evidence, sufficiency, routing."""
