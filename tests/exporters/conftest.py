"""A conversation that has something of everything."""

import pytest

from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import (
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)

ANSWER = """Here is a **table** of teas 茶:

| Tea | 温度 |
|:--|--:|
| Green <b>绿茶</b> | 80 °C |

```python
def brew(tea: str) -> str:
    return f"{tea} <hot>"
```

[good](https://example.com/?a=1&b=2) [mail](mailto:a@example.com) [bad](javascript:alert(1))
[file](file:///etc/passwd) <https://example.org> ![pic](https://example.com/x.png)
<script>alert(2)</script>
"""


@pytest.fixture
def tree() -> ConversationTree:
    return ConversationTree(
        Conversation(
            "c", "Tea <i> & *茶*", 1.7e9, 1.7e9, "MiniMax-M2", Parameters("Be brief."), "m4"
        ),
        (
            Message("m1", Role.USER, (Text("Why?\nTell me."),), created_at=1.7e9),
            Message(
                "m2",
                Role.ASSISTANT,
                (
                    Thought("Let me </details> think\n\n- one", 2.5),
                    ToolCall("x", "search", '{"q":"茶"}'),
                    ToolResult("x", "search", "``` many </pre> results"),
                    Text(ANSWER),
                ),
                parent="m1",
                created_at=1.7e9 + 9,
                model="MiniMax-M2",
            ),
            Message("other", Role.ASSISTANT, (Text("not shown"),), parent="m1"),
            Message("m3", Role.USER, (Text("还有呢？"),), parent="m2"),
            Message(
                "m4",
                Role.ASSISTANT,
                (Text("Half"),),
                parent="m3",
                state=MessageState.FAILED,
                error=ErrorRecord(ErrorKind.RATE_LIMIT, "api.minimax.io"),
            ),
        ),
    )
