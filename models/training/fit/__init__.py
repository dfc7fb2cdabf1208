"""Fitting a network: the loop, faster recurrent layers, callbacks, calibration."""
