"""Fitting a network: the loop, running maxima and sums, callbacks, calibration."""
