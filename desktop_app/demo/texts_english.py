r"""What the demo thinks and says in English. Texts only; raw strings, because of the maths.

A text may hold ``{placeholders}`` only where :mod:`desktop_app.demo.scenes` fills them, and every
answer says that a demo wrote it.
"""

from typing import Final

NOTE: Final = (
    "> 🎬 *This text comes from the built-in demo. No model wrote it and nothing left this "
    "computer: add your MiniMax key in Settings to talk to the real one.*"
)

GREETING_THOUGHTS: Final = (
    "A friendly opening. The person asks how I am, so a short and warm answer fits; no tool is needed and nothing has to be looked up.\n\nI am the built-in demo, and I should say so right away, then offer something worth trying.",
)

GREETING: Final = """Hi there! 👋 I'm doing well, thank you for asking.

I'm the **built-in demo** of this program, so my answers are scripted, but everything between us is real: HTTP, a streamed answer, and the thinking you can read beside it. How are *you* today?"""

HANGZHOU_THOUGHTS: Final = (
    (
        "A weekend in Hangzhou, and the person wants a table. Two days, so the plan must not be "
        "crowded: one theme each day works better than a list of sights.\n\nWhat belongs together? "
        "West Lake and the old town lie side by side. Lingyin Temple and the tea village of Longjing "
        "are both in the hills to the west."
    ),
    (
        "Let me check the order. The lake is loveliest early, before the crowds; the temple is calm in "
        "the morning too, so they should not share a morning. That settles it: lake on Saturday, hills "
        "on Sunday.\n\nThe evening: the Grand Canal at Gongchen Bridge has lights, noodles and room to "
        "walk. It fits after the lake."
    ),
    (
        "Now the budget. I should give a small formula that the person can adapt instead of prices "
        "that go stale. A table with time, place, what to do and how to get there, then food, then "
        "what to do when it rains. Keep it readable, and say that this is the demo."
    ),
)

HANGZHOU: Final = (
    r"""# A weekend in Hangzhou 🍃

Two unhurried days: **water on Saturday, hills on Sunday**.

| When | Where | What to do | Getting there |
|:--|:--|:--|:--|
| **Sat** 07:30 | West Lake 西湖, Bai Causeway | Walk before the crowds, breakfast by the water | Metro line 1, Longxiangqiao |
| 10:30 | Zhejiang Museum, Solitary Hill | Celadon and paintings, shade at noon | On foot |
| 14:00 | Boat to *Three Pools Mirroring the Moon* | One slow hour on the lake | Pier below Solitary Hill |
| 17:00 | Leifeng Pagoda 雷峰塔 | The sunset over the lake | Bus or bicycle |
| 19:30 | Grand Canal, Gongchen Bridge 拱宸桥 | Lanterns, noodles, an evening stroll | Metro line 5 |
| **Sun** 08:00 | Lingyin Temple 灵隐寺 | Stone carvings of Feilai Peak first | Early bus or taxi |
| 11:30 | Longjing village 龙井村 | Tea terraces, lunch at a farmhouse | Taxi, 15 min |
| 14:30 | Nine Creeks 九溪 | An easy downhill walk to the river | On foot, 5 km |
| 17:30 | Hefang Street 河坊街 | Sweets, fans, and a last pot of tea | Bus, then metro |

## What to eat

1. **Beggar's chicken** 叫花鸡: baked in clay, for two or more
2. **Dongpo pork** 东坡肉: one cube each is plenty
3. **Longjing shrimp** 龙井虾仁: the dish for a tea harvest
   - *vegetarian:* the temple canteen at Lingyin
   - *in a hurry:* a bowl of **pian'erchuan** noodles 片儿川

## A budget you can adapt

With $p$ people, $n$ nights, a room at $r$ and a daily allowance $d$ for each person:

$$
C = n\,r\left\lceil \tfrac{p}{2} \right\rceil + p\,(n + 1)\,d
$$

For two people and one night that is simply $C = r + 4d$.

## If it rains ☔

- The **China National Tea Museum** and the **Silk Museum** easily fill a morning.
- The lake in mist is what the old paintings show. Take the boat anyway.

> **Before you go:** opening hours and routes change, so check them; the temple is fullest on the 1st and 15th of the lunar month.

---

"""
    + NOTE
)

QUICKSORT_THOUGHTS: Final = (
    (
        "Why is quicksort fast? There are two answers, and a good explanation needs both: the number "
        "of comparisons, and what the machine does with memory.\n\nThe count first. For a random "
        "pivot, let the elements in sorted order be z_1 … z_n. When are z_i and z_j compared? Exactly "
        "when one of the two is the first pivot chosen from z_i … z_j."
    ),
    (
        "That range has j - i + 1 elements, two of which are good, so the probability is "
        "2 / (j - i + 1). Sum over all pairs: an inner harmonic sum gives 2 n ln n.\n\nIn base 2 this "
        "is 1.386 n log2 n, hence 39 % more comparisons than the best possible. So comparisons are "
        "*not* why it beats merge sort. It must be the constant: in place, sequential, no copying."
    ),
    (
        "Now code. It should run as it stands: random pivot, three-way partition so that equal keys do "
        "not hurt, recursion into the smaller side so that the stack stays logarithmic. Let me check "
        "the partition: lt, i, gt; swap below, skip equal, swap above and do not advance i. Yes.\n\nA "
        "table to compare, the worst case told honestly, and a note that this is the demo."
    ),
)

QUICKSORT: Final = (
    r"""# Why quicksort is fast ⚡

**In one sentence:** it does about $1.39\,n\log_2 n$ comparisons on average, and each of them is as cheap as a machine can make it.

## The code

```python
import random


def quicksort(items: list[int]) -> None:
    '''Sorts in place. Equal keys are handled together, so they cost nothing.'''
    low, high = 0, len(items) - 1
    _sort(items, low, high)


def _sort(items: list[int], low: int, high: int) -> None:
    while low < high:
        pivot = items[random.randint(low, high)]
        less, i, greater = low, low, high
        while i <= greater:
            if items[i] < pivot:
                items[less], items[i] = items[i], items[less]
                less, i = less + 1, i + 1
            elif items[i] > pivot:
                items[greater], items[i] = items[i], items[greater]
                greater -= 1
            else:
                i += 1
        # Recurse into the smaller side only: the stack stays below log2(n).
        if less - low < high - greater:
            _sort(items, low, less - 1)
            low = greater + 1
        else:
            _sort(items, greater + 1, high)
            high = less - 1


numbers = [random.randrange(1000) for _ in range(10_000)]
expected = sorted(numbers)
quicksort(numbers)
assert numbers == expected
```

## The maths

Call the sorted elements $z_1 < z_2 < \dots < z_n$. Two of them, $z_i$ and $z_j$, are compared **only if** one of the two is the first pivot picked among $z_i, \dots, z_j$. With random pivots

$$
\Pr[z_i \text{ meets } z_j] = \frac{2}{j - i + 1},
$$

and the expected number of comparisons is the sum over all pairs:

$$
\mathbb{E}[C_n] = \sum_{i=1}^{n-1} \sum_{j=i+1}^{n} \frac{2}{j-i+1}
  \;<\; 2n \sum_{k=2}^{n} \frac{1}{k} \;<\; 2n \ln n \;\approx\; 1.39\, n \log_2 n .
$$

No comparison sort can do better than $\log_2 n! \approx n\log_2 n - 1.44\,n$, so quicksort is within 39 % of perfect.

## Then why does it win?

| | Quicksort | Merge sort | Heapsort |
|:--|--:|--:|--:|
| Comparisons, average | $1.39\,n\log_2 n$ | $n\log_2 n$ | about $2\,n\log_2 n$ |
| Extra memory | $O(\log n)$ | $O(n)$ | $O(1)$ |
| Memory access | sequential 🟢 | sequential, twice the data 🟡 | jumps about 🔴 |
| Worst case | $O(n^2)$ | $O(n\log n)$ | $O(n\log n)$ |
| Stable | no | yes | no |

- **Cache:** the scan runs over neighbours, so nearly every read is already in the cache.
- **In place:** nothing is copied out and back.
- **Tight inner loop:** compare with one value that sits in a register, move on.

## The catch

A bad pivot every time gives $n + (n-1) + \dots + 1 = \frac{n(n+1)}{2}$ steps. A *random* pivot makes that astronomically unlikely; *introsort* rules it out by changing to heapsort when the recursion gets too deep.

---

"""
    + NOTE
)

INTERLEAVED_THOUGHTS: Final = (
    (
        "The question is about interleaved thinking. The point to bring across: a model that thinks "
        "only once, before it acts, cannot react to what its tools find."
    ),
    (
        "An example makes it clear: think, call, read the result, think again. And the practical rule "
        "for whoever writes the client: the thinking has to go back with the history, unchanged."
    ),
)

INTERLEAVED: Final = (
    r"""# Interleaved thinking 🧠

A model with **interleaved thinking** does not think once and then act. It thinks *between* its actions, so that what a tool found can change the plan.

```text
think → call a tool → read the result → think again → call another → … → answer
```

| | Think once | Interleaved |
|:--|:--|:--|
| Plan | fixed at the start | revised after every result |
| A tool fails | the plan fails | the next thought deals with it |
| The chain | thrown away | **sent back** with the history |

## What a client must do

1. Ask for `reasoning_split`, so that thinking comes apart from the answer.
2. Show both, and mix them never.
3. Send the whole assistant message back: content, `reasoning_details` and tool calls.

```python
messages.append(
    {
        "role": "assistant",
        "content": answer,
        "reasoning_details": [{"type": "reasoning.text", "text": thinking}],
    }
)
```

If each step succeeds with probability $p$ and a failed one is noticed and mended with probability $q$, then $k$ steps succeed with

$$P = \bigl(p + (1 - p)\,q\bigr)^k \;\ge\; p^k .$$

---

"""
    + NOTE
)

DEFAULT_THOUGHTS: Final = (
    (
        "The person wrote: “{said}”. I am the built-in demo and cannot really answer that, so honesty "
        "comes first: say what I am, and make the answer useful as a tour."
    ),
    (
        "What is worth showing? Thinking that arrives before the answer and apart from it, Markdown in "
        "all its parts, code, a table, maths, Chinese, and that the whole conversation goes back with "
        "every message.\n\nMessages in this request: {messages}. I can show that: it proves that "
        "history works."
    ),
    "Enough. A short tour with one of each, then three things to try next.",
)

DEFAULT: Final = (
    r"""# The built-in demo, at your service 🎬

You wrote:

> {said}

I am a **script, not a model**, so I cannot answer that for real. What I can do is show how an answer looks here.

## What just happened

1. Your text went over a **real HTTP connection** to a small server inside this program.
2. The *thinking* came back first, apart from the answer.
3. This text **streams in pieces**, as it would from MiniMax.

| This request | |
|:--|--:|
| Model asked for | `{model}` |
| Messages sent, history included | {messages} |
| Earlier thinking that came back | {returned} |

## A bit of everything

```python
async for chunk in stream:
    if chunk.thinking:
        pane.think(chunk.thinking)   # the right-hand side
    else:
        pane.say(chunk.text)         # this side
```

Inline maths like $e^{i\pi} + 1 = 0$, and a display:

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}
$$

- [x] Lists, also with boxes
- [x] ~~Struck~~, *slanted*, **bold**, `code`
- [x] 中文、emoji 🎉👩‍💻 and a [link](https://www.minimax.io)

## Try next

- **Plan a weekend in Hangzhou, with a table**
- **Explain why quicksort is fast, with code and the maths**
- **用中文介绍一下交错思维（interleaved thinking）**
- *What did I say first?* shows that the history is sent; `demo error 429`, `demo cut` and `demo stall` show how faults look.

---

"""
    + NOTE
)

MEMORY_THOUGHTS: Final = (
    (
        "The person wants to know what was said before. That can only be answered from the history in "
        "this request. Messages: {messages}; from the person: {asked}."
    ),
    "The first one reads: “{first}”. Quote it exactly, and say where it comes from.",
)

MEMORY: Final = """Your first message was:

> {first}

I know because the program sends the **whole conversation** with every question.

| In this request | |
|:--|--:|
| Messages | {messages} |
| of them yours | {asked} |
| my earlier answers that came back with their thinking | {returned} |

*(The built-in demo reads the history; it does not remember anything itself.)*"""

NAME_THOUGHTS: Final = (
    "The name must be in the earlier messages. I look for an introduction there.",
)

NAME_KNOWN: Final = (
    "You are **{name}**: you told me earlier in this conversation, and the program sent that along. "
    "😊\n\n*(The built-in demo found it in the history.)*"
)

NAME_UNKNOWN: Final = (
    "You have not told me yet. Write “My name is …” and ask me again.\n\n"
    "*(The built-in demo looks it up in the history.)*"
)

THANKS_THOUGHTS: Final = ("A kind word; a short and kind reply is enough.",)

THANKS: Final = (
    "You're very welcome! 🌟 When you would like to hear from the real model, add your MiniMax key in "
    "Settings. Until then the built-in demo keeps you company."
)

CONTINUE_THOUGHTS: Final = ("I am asked to go on from where the last answer stopped.",)

CONTINUE: Final = (
    "…and that is where the text goes on: after a cut, the program sends what had arrived and asks for "
    "the rest. The real model continues the sentence; the built-in demo can only end it. ✅"
)

LONG_THOUGHTS: Final = (
    "A long text is wanted. {count} sections, each with a paragraph, a list and a bit of code, so that scrolling has something to do.",
)

LONG_SECTION: Final = r"""## {number}. On patience, part {number}

A long answer should cost no more per line than a short one. This paragraph is here to be scrolled past: it wraps, it has **bold** and *slanted* words, `code`, and a formula, $x_{{number}}^2$.

- the first point of section {number}
- the second, somewhat longer than the first, so that it may wrap in a narrow window
- 第三点：中文也要换行

```python
section = {number}
print(section ** 2)
```

"""

TOOL_THOUGHT: Final = "There is a tool that could help: `{tool}`. I'll call it and see what comes back before I go on."

TOOL_RESULT_THOUGHT: Final = (
    "The tool `{tool}` answered. It says: “{result}”. That goes into the answer; let me think on "
    "with it."
)

TOOL_SUMMARY: Final = """🔧 **The tool `{tool}` returned**

```text
{result}
```

"""
