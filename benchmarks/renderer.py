"""Times the local image model: `python benchmarks/renderer.py [--repeat N]`.

Prints, for prompts of every kind and for crowds, the processor seconds of the fastest of N renders in one process
that has its imports behind it, on one core.
"""

import argparse
import os
import time

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

from flora_mcp.studio.renderers import RenderRequest  # noqa: E402 - threads are counted at import
from flora_mcp.studio.renderers.scene import render  # noqa: E402

PROMPTS = (
    "cinematic product shot of a ceramic mug on a sunlit table",
    "three red apples in a wooden bowl, morning light",
    "a glass vase with a yellow flower on marble, studio light",
    "a candle next to a leather book at night",
    "a red chair and a lamp in a room",
    "snowy mountains at golden hour",
    "a lake below mountains at sunrise",
    "the ocean at sunset, wide shot",
    "city skyline at night",
    "a snowman in front of a cabin in the snow",
    "a rocket in space",
    "a house between two trees in a green field",
    "ten candles on a table",
    "six glass bottles on a marble table",
    "a dozen trees around a house",
    "twenty wine glasses on a table in candle light",
    "eight lamps in a room at night",
    "twenty lanterns in the snow at night",
    "a forest with a lake and twenty trees and a cabin",
    "a cabin with twenty pine trees in the snow at night with lanterns",
    "ten glass bottles, ten candles and ten wine glasses on a table at night",
)
SIZES = ((1024, 768),)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="renders of each prompt, the fastest counts")
    repeat = parser.parse_args().repeat
    render(RenderRequest(prompt="a mug", width_px=64, height_px=48, seed=1), lambda _: None)
    worst = 0.0
    print(f"{'prompt':72} {'size':>10} {'CPU s':>6} {'kB':>6}")
    for prompt in PROMPTS:
        for width_px, height_px in SIZES:
            request = RenderRequest(prompt=prompt, width_px=width_px, height_px=height_px, seed=1)
            spent, size_bytes = [], 0
            for _ in range(repeat):
                started = time.process_time()
                size_bytes = len(render(request, lambda _: None).content)
                spent.append(time.process_time() - started)
            size = f"{width_px}x{height_px}"
            print(f"{prompt:72} {size:>10} {min(spent):6.2f} {size_bytes // 1000:6}", flush=True)
            worst = max(worst, min(spent))
    print(f"{'worst':72} {'':>10} {worst:6.2f}")


if __name__ == "__main__":
    main()
