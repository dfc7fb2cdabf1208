"""Numbers for Prometheus, by its own client library: how many visits and interactions, how long they take. Never text.

They are answered on a port of their own, so that no visitor of the pages reaches them; by default nowhere.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from serving.state import State

# Seconds: from what nobody notices to what everybody minds.
BUCKETS = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """The numbers of one process; memory and processor time come with the library.

    Args:
        state: whose open connections are counted.
        work: how many pieces of long work are under way, and how many wait.
    """

    def __init__(self, state: State, work: Callable[[], tuple[int, int]]) -> None:
        self.registry = CollectorRegistry()
        self.visits = Counter("unrolled_visits", "Connections that browsers have opened", registry=self.registry)
        self.interactions = Counter("unrolled_interactions", "What visitors have asked for", registry=self.registry)
        self.malformed = Counter("unrolled_malformed", "Messages that no browser of ours sends", registry=self.registry)
        self.seconds = Histogram(
            "unrolled_interaction_seconds",
            "From what a visitor asked for to the whole answer",
            buckets=BUCKETS,
            registry=self.registry,
        )
        connected = Gauge("unrolled_visitors", "Browsers that are connected", registry=self.registry)
        connected.set_function(lambda: len(state.visits))
        answers = Gauge("unrolled_answers_due", "Visitors that wait for an answer", registry=self.registry)
        answers.set_function(lambda: state.under_way)
        running = Gauge("unrolled_work", "Pieces of long work under way", registry=self.registry)
        running.set_function(lambda: work()[0])
        waiting = Gauge("unrolled_queue", "Pieces of long work that wait for their turn", registry=self.registry)
        waiting.set_function(lambda: work()[1])
        ProcessCollector(registry=self.registry)

    def serve(self, port: int, address: str) -> None:
        """Answer ``/metrics`` on a port of its own, in a thread of its own.

        Args:
            port: to listen on; 0 is not to.
            address: the one that the pages are served on.
        """
        if port:
            start_http_server(port, address or "0.0.0.0", self.registry)  # noqa: S104, where the pages are
