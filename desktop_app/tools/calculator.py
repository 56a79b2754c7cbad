"""The calculator."""

from typing import Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.tool import Risk, ToolOutcome
from desktop_app.settings.builtin_settings import CALCULATOR
from desktop_app.tools._arithmetic import FormulaError, evaluate, written
from desktop_app.tools._tool import BuiltinTool, Call
from desktop_app.tools._work import Stop, in_thread


async def _run(call: Call) -> ToolOutcome:
    formula = call.text("formula")

    def work(_stop: Stop) -> str:
        return written(evaluate(formula))

    try:
        return ToolOutcome(await in_thread(work, "calculator"))
    except FormulaError as error:
        raise ToolError(str(error)) from None


TOOL: Final = BuiltinTool(
    name="calculator",
    description=(
        "Works out a formula. Whole numbers, decimals and fractions are exact (1/3 + 1/6 is 1/2); "
        "what had to be rounded is marked with ≈. Known are + - * / // % ** and ^ for powers, "
        "brackets, pi, e, and abs, sqrt, exp, ln, log (base 10, or log(x, base)), log2, sin, cos, "
        "tan, asin, acos, atan (in radians), radians, degrees, floor, ceil, trunc, round, min, max, "
        "sum, gcd, lcm, factorial, comb, perm."
    ),
    schema={
        "type": "object",
        "properties": {
            "formula": {"type": "string", "description": "Such as (1 + 2.5) * 3^2 / sqrt(16)."}
        },
        "required": ["formula"],
        "additionalProperties": False,
    },
    risk=Risk.READS,
    setting=CALCULATOR,
    run=_run,
)
