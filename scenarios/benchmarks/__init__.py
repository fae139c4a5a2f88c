"""`twin bench`: how fast the crowd and the rigs are, beside the peers that are installed."""

from scenarios.benchmarks.document import bench, bench_text

__all__ = ["bench", "bench_text"]
