# SPDX-License-Identifier: MIT
"""What ListProviders of the real service answers, for pictures that show what people see."""

OFFLINE = {"id": "offline", "name": "Offline",
           "note": "Works without an account and without a network. How good it is, and in which "
                   "languages, depends on the model."}


def cloud(name, title, host, page, models, **more):
    """A service that needs a key; the models are words of one string."""
    return {"id": name, "name": title, "host": host, "key_page": page, "needs_key": True,
            "takes_key": True, "models": models.split(), **more}


def own(name, title, hint, **more):
    """A server of the user's own."""
    return {"id": name, "name": title, "address_hint": hint, "own_address": True,
            "takes_key": True, **more}


ROWS = [
    OFFLINE,
    cloud("openai", "OpenAI", "api.openai.com", "https://platform.openai.com/api-keys",
          "gpt-transcribe gpt-4o-transcribe gpt-4o-mini-transcribe whisper-1",
          live_models=["gpt-live-transcribe", "gpt-realtime-whisper", "gpt-4o-transcribe",
                       "gpt-4o-mini-transcribe"]),
    cloud("groq", "Groq", "api.groq.com", "https://console.groq.com/keys",
          "whisper-large-v3-turbo whisper-large-v3"),
    cloud("mistral", "Mistral", "api.mistral.ai", "https://console.mistral.ai/api-keys",
          "voxtral-mini-transcribe-latest voxtral-small-transcribe-latest voxtral-mini-latest"),
    cloud("deepgram", "Deepgram", "api.deepgram.com", "https://console.deepgram.com/",
          "nova-3 nova-2", live_models=["nova-3", "nova-2"],
          note="Keeps your sound to improve its models unless your account there opts out."),
    cloud("elevenlabs", "ElevenLabs", "api.elevenlabs.io",
          "https://elevenlabs.io/app/settings/api-keys", "scribe_v2 scribe_v1",
          live_models=["scribe_v2_realtime"]),
    cloud("assemblyai", "AssemblyAI", "api.assemblyai.com",
          "https://www.assemblyai.com/app/api-keys", "universal-3-5-pro universal-2"),
    cloud("gemini", "Google Gemini", "generativelanguage.googleapis.com",
          "https://aistudio.google.com/apikey", "gemini-3.5-transcribe"),
    cloud("azure", "Azure OpenAI", "", "https://portal.azure.com/", "", own_address=True,
          address_hint="https://RESOURCE.openai.azure.com", needs_model=True,
          note="The model is the name of your deployment."),
    own("whisper-cpp", "whisper.cpp server", "http://127.0.0.1:8080", takes_key=False),
    own("speaches", "speaches", "http://127.0.0.1:8000/v1", needs_model=True,
        note="Formerly faster-whisper-server. The model must be installed there."),
    own("localai", "LocalAI", "http://127.0.0.1:8080/v1", needs_model=True),
    own("ollama", "Ollama", "http://127.0.0.1:11434/v1", needs_model=True,
        note="Needs a recent Ollama and a model that hears sound; such a model may rephrase."),
    own("custom", "Own server", "http://127.0.0.1:8000/v1",
        note="Any other server that speaks the OpenAI dialect."),
]

ABSENT = {"needs_key": False, "takes_key": False, "own_address": False, "needs_model": False,
          "key_page": "", "address_hint": "", "host": "", "note": "", "models": [],
          "live_models": []}


def complete():
    """The rows with all their fields."""
    return [{**ABSENT, **row} for row in ROWS]
