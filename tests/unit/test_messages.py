"""Words of a page as HTML."""

from __future__ import annotations

from components.ui.messages import escaped


def test_nothing_is_rendered_and_no_percent_sign_begins_a_line() -> None:
    assert escaped("<b>52 %</b> & 48 %") == "&lt;b&gt;52&nbsp;%&lt;/b&gt; &amp; 48&nbsp;%"
