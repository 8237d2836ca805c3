"""Writes chat.json.gz: chats as transformers' apply_chat_template writes them.

    python make_chat.py CACHE

CACHE holds SmolLM2-135M-Instruct/*.gguf, whose own template is among those tried. The others are written here in the manner of
published ones, or to try how white space, strings and scopes are treated.

texts   template, messages, whether the answer is asked for, and the text, or null where the template refuses
marked  template with generation blocks, the tokenizer of families/ that encodes it, turns, the ids and which of them the assistant writes

Made with transformers 5.23.0, jinja2 3.1.6 and tokenizers 0.23.3.
"""
import gzip
import json
import pathlib
import re
import sys

from gguf import GGUFReader
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

HERE = pathlib.Path(__file__).parent
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>"}

CHATML = """{% for m in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nBe kind.' + eos_token + '\\n' }}{% endif %}{% if m['role'] == 'assistant' %}{{ '<|im_start|>assistant\\n' }}{% generation %}{{ m['content'] + eos_token }}{% endgeneration %}{{ '\\n' }}{% else %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + eos_token + '\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""
LLAMA2 = """{% if messages[0].role == 'system' %}{% set rest = messages[1:] %}{% set system = messages[0].content %}{% else %}{% set rest = messages %}{% set system = false %}{% endif %}{% for m in rest %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles have to alternate.') }}{% endif %}{% if loop.index0 == 0 and system != false %}{% set content = '<<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + m.content %}{% else %}{% set content = m.content %}{% endif %}{% if m.role == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% else %}{% generation %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endgeneration %}{% endif %}{% endfor %}"""
LLAMA3 = """{{- bos_token }}
{%- if tools is not none %}
    {{- "Tools: " ~ tools }}
{%- endif %}
{%- for message in messages %}
    {%- set head = '<|start|>' + message['role'] + '<|end|>\\n\\n' %}
    {{- head }}
    {%- if message.role == 'assistant' %}
        {%- generation %}{{ message['content'] | trim + eos_token }}{% endgeneration %}
    {%- else %}
        {{- message['content'] | trim + eos_token }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start|>assistant<|end|>\\n\\n' }}
{%- endif %}
"""
TINY = """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>
' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>
' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>
' }}{% generation %}{{ message['content'] + eos_token }}{% endgeneration %}

{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}"""
QWEN2 = """{%- if messages[0]['role'] == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
{%- else %}
    {{- '<|im_start|>system\\nYou help.<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(count=0, last='') %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or message.role == "assistant" %}
        {%- set ns.count = ns.count + 1 %}
        {%- set ns.last = message.role %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
{#- {{ ns.count }} #}"""
THINKING = """{%- for m in messages %}{%- set content = m.content %}{%- if m.role == 'assistant' and '</think>' in content and not loop.last %}{%- set content = content.split('</think>')[-1].lstrip('\\n') %}{%- endif %}{{- m.role ~ ': ' ~ content ~ eos_token }}{%- endfor %}"""
EDGES = [
    "Hello {{ bos_token }}{%- if true %}x{% endif %} y",
    "a\n  {{ bos_token }}{% if true %}x{% endif %} y\n\n",
    "{% if true -%}{{ bos_token }} b{% endif %}",
    "a  {{ bos_token }}  {%- for m in messages -%}  {{ m.role }}  {% endfor %}\n\n z\n",
    "{% for m in messages %}\n  {% if m.role == 'user' %}\nU {{ m.content }}\n  {% endif %}\n{% endfor %}\n\n",
    "{# one #}\n  {#- two -#}  x {# 'three' #} y\n  {# four #}\n",
    "{%+ if true %}\n x{%+ endif %}\n\n",
    "  {{- bos_token -}}  \n  {{ eos_token -}}\n {% if true %}\n z{% endif %}",
    "\t {% if true %}{{ bos_token }}\n\t{% endif %}\n \u00a0{% if true %}x{% endif %}\r\n{% if true %}y{% endif %}\r z",
    "{{ 'a\\tb\\'c' }}{{ \"d\\ne\\\\f\" }}{{ '\\x41\\u00e9\\r\\q\"' }}{{ 'x' * 3 }}{{ 'abc'[1:] }}{{ 'abc'[-1] }}{{ ' x '.strip() }}{{ 'a%}b}}c{#d' }}",
    "{{ {'a': {'b': {'c': 'deep'}}}['a']['b'].c }}{% set d = {'x': {'y': 1}} %}{{ d.x.y }}",
    "{{ messages | tojson }}{{ messages | length }}{{ messages | map(attribute='role') | join(', ') }}{{ messages[-1].content.split('\\n')[0].rstrip() }}{{ nothing }}|{{ nothing is defined }}",
    "{% set x = 1 %}{% for m in messages %}{% set x = x + 1 %}{% endfor %}{{ x }}{% set ns = namespace(n=0) %}{% for m in messages if m.role != 'system' %}{% set ns.n = ns.n + 1 %}{{ loop.index }}/{{ loop.length }}{% if loop.index == 2 %}{% break %}{% endif %}{% endfor %}{{ ns.n }}",
    "{%- macro turn(role, content, end='!') -%}[{{ role | upper }}]{{ content | trim }}{{ end }}{%- endmacro -%}{% for m in messages[::-1] %}{{ turn(m['role'], m['content']) }}{{ turn(m.role, m.content, end=loop.index) }}{% endfor %}",
    "{% for m in messages %}{{ m.content if m.role == 'user' else '(' ~ m.content ~ ')' }}{% endfor %}{{ (1 + 2 * 3) ~ 'x' }}{{ not true or true }}{{ 7 // 2 }}",
    "{{ raise_exception('No.') }}",
]
PUBLISHED = {"chatml": CHATML, "llama2": LLAMA2, "llama3": LLAMA3, "tinyllama": TINY, "qwen2": QWEN2, "thinking": THINKING}
M = lambda *turns: [{"role": role, "content": content} for role, content in turns]
CHATS = [
    M(("user", "Hi there")),
    M(("user", " Hello\n"), ("assistant", "Yes, \"you\" & <b> é\n")),
    M(("system", "Be brief."), ("user", "Q1"), ("assistant", "A1"), ("user", "Q2"), ("assistant", "A2")),
    M(("system", "Be brief.\n"), ("user", "Q1 \\n {{ x }}"), ("assistant", "<think>\nhm\n</think>\n\nA1"), ("user", "Q2")),
    M(("user", "Q1"), ("user", "Q2")),
]
TURNS = [
    ["What is 2 + 3?", "5"],
    ["Which of the Input is natural?", "The first one.", "Why?", "It's the 3rd … naïve\n\nreason", "Thanks", "Bye"],
    ["日本 \U0001f600", "Ça va", "", "x"],
]


def undone(template):
    """The template without generation blocks, in blocks that change nothing."""
    return re.sub(r"{%(-?) generation %}", r"{%\1 if true %}", template).replace("{% endgeneration %}", "{% endif %}")


def main():
    cache = pathlib.Path(sys.argv[1])
    texts, marked = [], []
    reader = GGUFReader(next((cache / "SmolLM2-135M-Instruct").glob("*.gguf")))
    published = {name: template for name, template in PUBLISHED.items()}
    published["smollm2"] = reader.fields["tokenizer.chat_template"].contents()
    read = lambda name: json.loads(gzip.decompress((HERE / "families" / f"{name}.json.gz").read_bytes()))["tokenizer"]
    tokenizers = {name: PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(read(name))), **SPECIAL) for name in ("llama2", "llama3", "first")}
    for name, template in [*published.items(), *((f"edge {i}", t) for i, t in enumerate(EDGES))]:
        for messages in CHATS:
            for prompt in (False, True):
                try:
                    text = tokenizers["llama3"].apply_chat_template(messages, chat_template=template, tokenize=False, add_generation_prompt=prompt)
                except Exception as e:
                    print(name, type(e).__name__, e)
                    text = None
                texts.append({"name": name, "template": template if name != "smollm2" else "", "messages": messages, "prompt": prompt, "text": text})
    for name in ("chatml", "llama2", "llama3", "tinyllama"):
        for family, tokenizer in tokenizers.items():
            for turns in TURNS:
                messages = M(*(("user" if i % 2 == 0 else "assistant", t) for i, t in enumerate(turns)))
                out = tokenizer.apply_chat_template(
                    messages, chat_template=PUBLISHED[name], tokenize=True, return_dict=True, return_assistant_tokens_mask=True
                )
                plain = tokenizer.apply_chat_template(messages, chat_template=undone(PUBLISHED[name]), tokenize=False)
                assert plain == tokenizer.apply_chat_template(messages, chat_template=PUBLISHED[name], tokenize=False), name
                marked.append(
                    {"name": name, "family": family, "template": PUBLISHED[name], "plain": undone(PUBLISHED[name]), "turns": turns,
                     "ids": out["input_ids"], "mask": out["assistant_masks"]}
                )  # fmt: skip
    text = json.dumps({"texts": texts, "marked": marked}, ensure_ascii=False, separators=(",", ":")) + "\n"
    (HERE / "chat.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(len(texts), "texts,", len(marked), "with marks")


if __name__ == "__main__":
    main()
