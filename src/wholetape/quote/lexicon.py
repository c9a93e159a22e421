"""Words that turn the meaning of what stands beside them, by language. Whoever adds a language adds it here.

These lists warn; they decide nothing alone. They know no grammar: a reader looks at what they point to.
"""

from __future__ import annotations

import re
from functools import lru_cache

from wholetape.quotes import Turn

_ENGLISH = {
    Turn.NEGATION: r"not|never|no|nobody|none|nothing|neither|nor|without|hardly|scarcely|n't|den(?:y|ies|ied|ying)|"
    r"refus(?:e|es|ed|ing)|reject(?:s|ed)?|doubt(?:s|ed)?|untrue|false|wrong|lie|lies|nonsense|stop short|far from|"
    r"anything but|rather than|instead of|fail(?:s|ed)? to|rule[sd]? out|cannot|no one",
    Turn.CONDITION: r"if|unless|suppose|supposing|provided|assuming|hypothetically|imagine|in case|as long as|whether|"
    r"should (?:he|she|they|we|it)|had (?:i|we|they|he|she) (?:known|been)|were (?:i|we|they|he|she) to|would have|"
    r"otherwise|only when|until",
    Turn.REPORTED: r"(?:he|she|they|people|someone|somebody|everyone|everybody|critics|opponents|you|who|journalists|"
    r"newspapers?|the press|my (?:opponents?|predecessor|colleagues?|friends?))"
    r"(?: \w+){0,3} (?:sa(?:id|ys?|ying)|claim(?:s|ed)?|t(?:old|ell|ells)|argue[sd]?|alleg(?:e|es|ed)|think|thinks|"
    r"thought|believe[sd]?|asked|wrote|call(?:s|ed)?|accuse[sd]?|suggest(?:s|ed)?|want me to say)|according to|quote|"
    r"quoting|i (?:was|am|'m|have been) told|in (?:his|her|their) words|supposedly|allegedly|so-called|as if to say|"
    r"the (?:claim|argument|idea|notion|rumou?r|allegation|accusation|lie|myth) that|used to (?:say|think|believe)",
    Turn.QUESTION: r"why|do (?:i|we|you|they)|does (?:he|she|it|anyone)|did (?:i|we|you|he|she|they)|"
    r"would (?:you|i|we)|"
    r"is it|are (?:you|we|they)|am i|was it|have (?:i|you|we)|can (?:you|we|i)|who says|what if|really",
    Turn.RETRACTION: r"(?:is|are|was|were|would be|'s) (?:not true|untrue|false|wrong|a lie|lies|a joke|nonsense|"
    r"absurd|ridiculous|a myth)|just kidding|i(?:'m| am| was) (?:only )?(?:joking|kidding)|no wait|i take that back|"
    r"scratch that|i misspoke|let me rephrase|that'?s not what i meant|but (?:not|that is not|no|never)|"
    r"nobody says|no one says|or so (?:they|he|she) (?:say|says|said)",
    Turn.ATTRIBUTED: r"(?:he|she|they|people|critics|my opponents?) "
    r"(?:said|says?|claims?|claimed|told me|tell me)",
}
_OTHERS: dict[str, dict[Turn, str]] = {
    "fr": {
        Turn.NEGATION: r"ne|n'|pas|jamais|aucun|aucune|rien|personne|ni|sans|nie|refuse|faux",
        Turn.CONDITION: r"si|s'il|à condition|à moins|au cas où|imaginons|supposons",
        Turn.REPORTED: r"(?:il|elle|ils|elles|on) (?:dit|disent|a dit|ont dit|prétend|affirme)|selon|d'après|paraît-il",
        Turn.QUESTION: r"est-ce que|pourquoi|n'est-ce pas",
    },
    "de": {
        Turn.NEGATION: r"nicht|nie|niemals|kein|keine|keinen|keiner|nichts|niemand|weder|noch|ohne|falsch|bestreite",
        Turn.CONDITION: r"wenn|falls|sofern|angenommen|ob|es sei denn|würde|hätte",
        Turn.REPORTED: r"(?:er|sie|man|leute) (?:sagt|sagte|sagen|behauptet|meint|meinte)|laut|angeblich|zufolge",
        Turn.QUESTION: r"warum|wieso|weshalb",
    },
    "es": {
        Turn.NEGATION: r"no|nunca|jamás|nadie|nada|ningún|ninguna|ni|sin|niego|falso",
        Turn.CONDITION: r"si|a menos que|siempre que|en caso de|supongamos|imaginemos",
        Turn.REPORTED: r"(?:dice|dicen|dijo|dijeron|afirma|afirman) que|según|supuestamente",
        Turn.QUESTION: r"por qué|acaso",
    },
    "km": {
        Turn.NEGATION: r"មិន|អត់|ពុំ|គ្មាន|កុំ|ឥត|បដិសេធ",
        Turn.CONDITION: r"បើ|ប្រសិនបើ|លុះត្រាតែ|ក្នុងករណី|ឧបមាថា",
        Turn.REPORTED: r"(?:គេ|គាត់|ពួកគេ|លោក)[\u1780-\u17dd\s]{0,20}(?:និយាយ|ថា|អះអាង|ប្រាប់)|តាមសម្តី|យោងតាម",
        Turn.QUESTION: r"តើ|ឬទេ|ឬអត់|ហេតុអ្វី",
    },
}


@lru_cache(maxsize=32)
def lexicon(language: str) -> dict[Turn, re.Pattern[str]]:
    """Patterns by kind for ``language``, a tag; English where it is unknown or has no list."""
    words = _OTHERS.get(language.split("-")[0].lower(), _ENGLISH)
    if language.startswith("km"):
        return {turn: re.compile(pattern) for turn, pattern in words.items()}
    return {
        turn: re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])|n't(?!\w)" if turn is Turn.NEGATION else bounded(pattern))
        for turn, pattern in words.items()
    }


def bounded(pattern: str) -> str:
    """The pattern for whole words only."""
    return rf"(?<![\w'])(?:{pattern})(?![\w'])"


def turns(text: str, language: str, *kinds: Turn) -> list[tuple[Turn, str]]:
    """Each of ``kinds`` that ``text`` holds, with the words that show it."""
    plain = text.replace("’", "'").casefold()
    language = language or ("km" if re.search("[\u1780-\u17d3]", text) else "")
    known = lexicon(language)
    return [(kind, found[0]) for kind in kinds if kind in known and (found := known[kind].search(plain))]
