"""The page of the grammar of rules: its prose stands here, its tables are those of the code."""

from fauxreel.fault_pages import options_table
from fauxreel.faults.book import MOST_ADDED
from fauxreel.faults.conditions import CONDITIONS, COUNTS
from fauxreel.faults.grammar import FAULTS, MOST_RULES, OUTCOMES
from fauxreel.markdown import GENERATED, table

_HEAD = f"""# Rules

{GENERATED}

A *rule* says which requests it is about, how often it counts, and what then happens.
What happens is a [fault](faults.md), which shapes one answer, or an [outcome](outcomes.md), which is how a job goes.
[This guide](../guides/faults.md) begins at the beginning; this page has all of it.

```text
operation=retrieve nth=3 error=overloaded times=1
```

Read: of the requests that retrieve a job, the third one is answered 503, and that happens once.

## Ways in

The keys are the same in all of them.

### In a header

The rules in the header `X-Fauxreel` are about this request, and about the job that it makes.

```bash
curl -s http://127.0.0.1:4010/v1/videos -H "Authorization: Bearer sk-fauxreel" \\
  -H "X-Fauxreel: error=rate_limit times=1" | grep rate_limit_exceeded
```

They count on from one request with the same text to the next, so a client that sends this header with every try is refused once.

### In a prompt

A phrase `[[fauxreel …]]` in the prompt of a new job reaches the emulator through any SDK and any gateway.
It stays in the prompt.

```bash
curl -s http://127.0.0.1:4010/v1/videos -H "Authorization: Bearer sk-fauxreel" \\
  -H "Content-Type: application/json" \\
  -d '{{"prompt": "A cat [[fauxreel fail=moderation_blocked at=40]]"}}' | grep '"status":"queued"'
```

A rule in a phrase with an `operation` that makes no job, such as `retrieve`, is about the later requests for this one job.
`--no-phrases` lets prompts be nothing but prompts.

### By the control API

[`POST /_fauxreel/rules`](control-api.md) adds rules to a running emulator, as text or as tables; `GET` lists them with how often each matched and fired, and `DELETE` removes them.

```bash
rules=http://127.0.0.1:4010/_fauxreel/rules
json="Content-Type: application/json"
curl -fsS $rules -H "$json" -d '{{"rules": "operation=retrieve error=overloaded times=1"}}'
curl -fsS $rules -H "$json" -d '{{"rules": [{{"operation": "list", "latency": 0.2, "every": 2}}]}}'
curl -fsS $rules
curl -fsS -X DELETE $rules
```

### In the settings

`--rules TEXT`, `FAUXREEL_RULES`, or `rules` in the file for `--config`, where a rule is a text or a table:

```toml
rules = [
  "operation=create error=rate_limit times=2",
  {{operation = ["retrieve", "list"], probability = 0.1, error = 502, message = "try again"}},
]
```

Those of a [scenario](scenarios.md) come after these.

### In Python

```python
from fauxreel import Emulator
from openai import OpenAI

with Emulator(clock="auto", rules="model=sora-2-pro error=no_deployment") as emulator:
    client = OpenAI(base_url=emulator.base_url, api_key=emulator.api_key)
    (limit,) = emulator.rules.add("operation=create error=rate_limit retry_after=0.01 times=1")
    emulator.next_answer("overloaded", operation="retrieve", retry_after=0.01)
    emulator.next_job(fails="moderation_blocked", at=40)

    video = client.videos.create_and_poll(prompt="A paper boat")
    assert (video.status, video.progress) == ("failed", 40)
    assert limit.fired == 1
    assert [entry.rule.text for entry in emulator.rules.unfired()] == [
        "model=sora-2-pro error=no_deployment"
    ]
```

`next_answer` and `next_job` are rules with `times=1`; `emulator.rules` adds, lists and clears.

## Form

As text, a rule is pairs `key=value` with spaces between them, and a semicolon stands between two rules.
A key alone is `key=true`.
A value with spaces or semicolons stands in quotes, `"` or `'`.
Several values of one key stand with commas between them, and as an array in a table.
`headers.NAME=VALUE` and `header.NAME=EXPRESSION` are entries of tables.

```text
error=500 message="out of order; sorry" headers.x-ms-region=westus; operation=list,retrieve latency=0.5
```

A text has at most {MOST_RULES} rules, and at most {MOST_ADDED} added ones are kept.

What cannot be read is refused, in a request with a 400 whose `code` is `fauxreel_rule`, and in the settings with status 2.
The message says where it stands, what it is and what is valid.

## Which requests

All conditions of a rule have to be fulfilled; a rule without any is about every request.
Rules are asked once a request has a route, a good key and a body that can be read; what fails before is answered as ever.
On the LiteLLM proxy's surface they are asked by what stands behind the proxy, so that its own errors and its list of models come as ever.
The control API is never touched.

"""  # noqa: E501 - one sentence a line

_COUNTS_HEAD = """
A rule with an outcome is only ever about requests that make a job.

## How often

A *match* is a request that fulfils the conditions of a rule, whichever rule then has its way.
These keys say which matches count; all that are given have to agree, and then the rule *fires*.

"""

_COUNTS_TAIL = """
- `nth`, `first` and `every` count the matches; `times` counts how often the rule fired.
- So `nth=2,3` is about the second and the third match, and `probability=0.5 times=1` about the first one that the draw hits.
- Where several rules would fire, the first one does, and the others keep their `times`.
- All counts are those of one [namespace](../guides/namespaces.md), and begin again at a reset.
- Rules with an outcome match when a job is accepted: a request that is refused counts for none of them.
- The seconds of `after`, `until` and `ttl` are emulated ones, and so are those of `missing` and `expires`; `latency`, `stall`, `drip` and `retry_after` are real ones.
- A rule is added when it comes in; one of the settings at the start, and one in a header or a prompt with the first request that has it.
- `probability` is drawn from the emulator's seed, the rule and the number of the match: with `--seed`, the same requests meet the same faults.

## Which rule

The first one that fires, in this order; one fault rule for each request, and one outcome rule for each new job:

1. the header of the request;
2. the phrases in its prompt;
3. what the prompt of the job that it names said of later requests;
4. rules that were added, the oldest first;
5. the rules of the settings;
6. the rules of the scenarios, in the order in which they are named.

`pass` is a fault that does nothing: as the first rule that fires it keeps a request from all that come later.

A request first asks for a fault.
If that replaces its answer, it is not carried out, unless the rule has `accepted=true`.
If it makes a job, it then asks for an outcome.

## What happens

A rule has one or several of these faults, or one or several of these outcomes, and the keys that go with them.

"""  # noqa: E501 - one sentence a line

_TAIL = """
`serve` takes any path in the settings and in Python; rules in requests and from the control API may name files in the folder of `--files-dir` only.
"""  # noqa: E501 - one sentence a line


def rules_page() -> str:
    """The page of the grammar."""
    rows = (
        (f"[`{name}`]({page}#{name})", what, ", ".join(f"`{key}`" for key in kind.options))
        for what, page, kinds in (
            ("fault", "faults.md", FAULTS),
            ("outcome", "outcomes.md", OUTCOMES),
        )
        for name, kind in kinds.items()
    )
    effects = table(("key", "is", "goes with"), rows)
    return (
        f"{_HEAD}{options_table(CONDITIONS)}{_COUNTS_HEAD}{options_table(COUNTS)}{_COUNTS_TAIL}"
        f"{effects}{_TAIL}"
    )
