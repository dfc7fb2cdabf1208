"""The faults: each a file, a text that stands in it once, what it becomes, and what that breaks.

The tests run the faulty code for real. So no fault may do harm where it is run: none in what signals processes, removes
files or reaches out to other machines.
"""

from __future__ import annotations

from tests.faults import in_components, in_models, in_pages

FAULTS = (*in_components.FAULTS, *in_models.FAULTS, *in_pages.FAULTS)
