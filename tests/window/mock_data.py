# SPDX-License-Identifier: MIT
"""What the mock of the service has: services, dictations, models."""

import os

from gi.repository import GLib


def provider(**fields):
    types = {"models": "as", "live-models": "as"}
    booleans = ("needs-key", "takes-key", "has-key", "own-address", "needs-model")
    row = {}
    for name, value in fields.items():
        name = name.replace("_", "-")
        kind = types.get(name, "b" if name in booleans else "s")
        row[name] = GLib.Variant(kind, value)
    return row


def few_providers():
    """One of each sort, for the tests."""
    return [
        provider(id="offline", name="Offline", needs_key=False, takes_key=False,
                 has_key=False, key_source="", key_page="", own_address=False, models=[],
                 host="", note="Works without an account and without a network. How good it is, "
                      "and in which languages, depends on the model."),
        provider(id="openai", name="OpenAI", needs_key=True, takes_key=True,
                 key_page="https://platform.openai.com/api-keys", own_address=False,
                 models=["gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "whisper-1"],
                 live_models=["gpt-live-transcribe"], host="api.openai.com",
                 note=""),
        provider(id="groq", name="Groq", needs_key=True, takes_key=True,
                 key_page="https://console.groq.com/keys", own_address=False,
                 models=["whisper-large-v3-turbo", "whisper-large-v3"],
                 host="api.groq.com", note=""),
        provider(id="mistral", name="Mistral", needs_key=True, takes_key=True,
                 key_page="https://console.mistral.ai/api-keys", own_address=False,
                 models=["voxtral-mini-transcribe-latest", "voxtral-small-transcribe-latest",
                         "voxtral-mini-latest"], host="api.mistral.ai",
                 note=""),
        provider(id="custom", name="Own server", needs_key=False, takes_key=True, key_page="",
                 own_address=True, address_hint="http://127.0.0.1:8000/v1", models=[], host="",
                 note="Any other server that speaks the OpenAI dialect."),
        provider(id="azure", name="Azure OpenAI", needs_key=True, takes_key=True,
                 key_page="https://portal.azure.com/", own_address=True, needs_model=True,
                 address_hint="https://RESOURCE.openai.azure.com", models=[], host="",
                 note="The model is the name of your deployment."),
    ]


UNFINISHED = ("waiting", "interrupted")

SENTENCES = (
    "The meeting moves to Thursday at ten, please tell the others and bring the figures.",
    "Buy oats, apples, and the good bread from the corner; we are out of coffee too.",
    "Dear Maren, thank you for your letter. I read it twice and will answer at length on Sunday.",
    "The test fails only when the network goes away between two chunks, and only on battery.",
    "Remember to water the plants in the office before the long weekend.",
    "Das Gutachten ist fertig, es fehlt nur noch die Unterschrift der Leiterin.",
    "A longer thought about the third chapter: it begins too late, and the storm should come "
    "before the quarrel, so that the reader knows the boat is gone when they speak of leaving.",
)


def invented_entry(number, created):
    """One of an endless row of dictations: most went well, some did not."""
    kinds = {2: "waiting", 4: "failed", 9: "interrupted", 12: "cancelled"}
    state = kinds.get(number % 40, "done")
    text = SENTENCES[number % len(SENTENCES)] + f" Note {number}."
    offline = number % 5 == 3
    entry = {
        "id": f"h{number}", "created": created, "source": "microphone", "name": "",
        "state": state, "length": 7000 + number * 7919 % 240000,
        "provider": "offline" if offline else "openai",
        "model": "" if offline else "gpt-4o-mini-transcribe", "language": "en",
        "host": "this computer" if offline else "api.openai.com",
        "text": text if state == "done" else "", "code": "", "message": "",
        "delivered": state == "done", "marked": number % 11 == 1, "private": False,
        "has-sound": number < 50 or number % 3 == 0,
    }
    if number % 17 == 6:
        entry.update(source="file", name="interview.ogg")
    if state == "failed":
        entry.update(code="key-wrong", message="OpenAI does not accept the key; put a new one "
                     "into the preferences.")
    elif state == "waiting":
        entry.update(code="network", message="OpenAI cannot be reached; Whis tries again when "
                     "the network is back.")
    parts = 1 if state == "done" else 5
    entry["chunks"] = [
        {"index": index, "start": index * 30000, "length": 30000, "has-speech": True,
         "provider": entry["provider"],
         "text": text if state == "done" else SENTENCES[index] if index < 3 else "",
         "message": "" if state == "done" or index < 3 else entry["message"]}
        for index in range(parts)]
    entry["chunks"].append({"index": parts, "start": parts * 30000, "length": 4000,
                            "has-speech": False, "provider": "", "text": "", "message": ""})
    if number == 7:
        # A second service gave a part of it, and a third was asked in vain.
        entry["chunks"][0].update({"host": "api.openai.com"})
        entry["chunks"].insert(1, {"index": 1, "start": 30000, "length": 5000, "has-speech": True,
                                   "provider": "groq", "host": "api.groq.com", "tried": "mistral",
                                   "text": "", "message": ""})
    if state != "done":
        entry["text"] = " ".join(chunk["text"] for chunk in entry["chunks"][:3])
    entry["versions"] = []
    if entry["text"]:
        entry["versions"].append({"number": 0, "created": created, "provider": entry["provider"],
                                  "model": entry["model"], "text": entry["text"]})
    if number % 7 == 3:
        entry["versions"].append({
            "number": 1, "created": created + 60000, "provider": "groq",
            "model": "whisper-large-v3",
            "text": entry["text"].replace("only when", "whenever").replace("two chunks", "chunks")
            .replace("battery.", "battery power.")})
    return entry


TYPES = {"created": "x", "length": "t", "start": "t", "index": "u", "number": "u",
         "chunks": "aa{sv}", "versions": "aa{sv}"}


def as_variants(row, short=False):
    """A row of the history as it goes over the bus; short as in a list."""
    variants = {}
    for name, value in row.items():
        if name in ("chunks", "versions"):
            if short:
                continue
            value = [as_variants(part) for part in value]
        elif short and name == "text" and len(value) > 300:
            value = value[:300] + "…"
        kind = TYPES.get(name, "b" if isinstance(value, bool) else "s")
        variants[name] = GLib.Variant(kind, value)
    return variants


# For pictures.
BEAUTIFUL = {
    "base": (("name", "s", "Parakeet v3 (8 bits)"), ("bytes", "t", 668_757_119),
             ("hosts", "s", "huggingface.co"), ("license", "s", "CC-BY-4.0"),
             ("attribution", "s", "Parakeet TDT 0.6B v3 by NVIDIA"),
             ("languages", "as", "bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro sk sl es "
              "sv ru uk".split())),
    "tiny": (("name", "s", "Parakeet v3 (4 bits)"), ("bytes", "t", 415_611_879),
             ("hosts", "s", "huggingface.co"), ("license", "s", "CC-BY-4.0"),
             ("attribution", "s", "Parakeet TDT 0.6B v3 by NVIDIA"),
             ("languages", "as", "bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro sk sl es "
              "sv ru uk".split())),
}


def local_model(name, state, **fields):
    """A model for this computer."""
    row = {"id": GLib.Variant("s", name), "name": GLib.Variant("s", name.capitalize()),
           "state": GLib.Variant("s", state), "bytes": GLib.Variant("t", 80_000_000),
           "done": GLib.Variant("t", fields.get("done", 0)), "engine": GLib.Variant("s", "whisper"),
           "system": GLib.Variant("b", False), "hosts": GLib.Variant("s", "models.example"),
           "license": GLib.Variant("s", "MIT"), "attribution": GLib.Variant("s", "Somebody"),
           "languages": GLib.Variant("as", ["en", "de"]),
           "file": GLib.Variant("s", f"ggml-{name}.bin"),
           "recommended": GLib.Variant("b", name == "base"),
           "smaller": GLib.Variant("s", "tiny" if name == "base" else ""),
           "checksum-verified": GLib.Variant("b", True)}
    if os.environ.get("WHIS_MOCK_SERVICES") == "all":
        row.update({key: GLib.Variant(kind, value) for key, kind, value in BEAUTIFUL[name]})
    kinds = {"measuring": "s", "measure-problem": "s", "times-faster": "d", "peak-memory": "t",
             "replacement": "s", "replacement-name": "s", "gpu-verdict": "s", "gpu": "s"}
    row.update({key: GLib.Variant(kinds[key], value) for key, value in fields.items()
                if key in kinds})
    return row
