"""How the app stands on the network: warm-up, hosts and headers, health, metrics, and how it ends."""
