"""The visitor: what is set, handed on, linked to and shared; the frame around every page."""
