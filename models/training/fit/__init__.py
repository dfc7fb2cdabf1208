"""Fitting a network: ours and published ones, running maxima and sums, callbacks, calibration."""
