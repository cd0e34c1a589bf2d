"""Acknowledgements: short messages of thanks, or that it works now, and nothing else.

This is a list of words and a few rules, not a model of language, and it says no when in doubt:
a conversation wrongly held open is seen, one wrongly held settled is not.
A text is an acknowledgement if, without names, links and emoji, it

* has at most twelve words and no question mark;
* has a phrase of thanks or of success in English, German, French, Spanish, Italian, Portuguese or
  Dutch;
* has no word of doubt, refusal, complaint or request in any of these languages, and no angry face;
* gives thanks *for* something only where that is a favour ("for your help", never "for nothing").
"""

import re
import unicodedata

LONGEST = 12
"""Words; a longer text says something else as well."""
LONGEST_TEXT = 500
"""Characters, names and links included; longer ones are not looked at."""

_THANKS = """
thanks | thank you | thank u | thankyou | thx | thnx | tnx | ty | tysm | cheers
much appreciated | appreciate it
danke | dankeschön | vielen dank | besten dank | herzlichen dank
merci | gracias | grazie | obrigado | obrigada | valeu
bedankt | dank je | dankje | dankjewel | dank u | dank
"""
_SUCCESS = """
it works | works now | works again | working now | working again | is working | that worked
it worked | that helped | that did it | did the trick | all good | all sorted | solved | sorted
fixed | resolved
funktioniert jetzt | funktioniert wieder | geht jetzt | geht wieder | jetzt geht | klappt jetzt
klappt wieder | hat geklappt | gelöst | erledigt | behoben
ça marche | fonctionne maintenant | c'est bon | résolu | réglé
ya funciona | ahora funciona | funciona ahora | solucionado | resuelto | arreglado
ora funziona | adesso funziona | funziona ora | risolto | sistemato
já funciona | funcionou | resolvido | está funcionando | está a funcionar
het werkt | werkt nu | werkt weer | opgelost | gelukt
"""
_DOUBTS = """
but however though although except unless until yet still not never no none nothing nobody cannot
cant can't dont don't doesnt doesn't didnt didn't isnt isn't wasnt wasn't wont won't havent haven't
hasnt hasn't wouldnt wouldn't couldnt couldn't aint ain't without partly partially half almost
nearly if when why how where what who should would could can will i'll must need needs needed get
want please pls plz hope hopefully soon waiting wait try trying tried ask maybe perhaps
ruin ruined ruining waste wasted wasting lose losing lost cancel cancelled canceled cancelling late
delay delayed worst worse terrible awful horrible useless joke rude broke broken break breaking fail
failed failing failure pathetic disappointed disappointing unacceptable ridiculous disgusting bad
disgrace shame scam worthless hate angry unhappy refund complaint taking took
days weeks months hours ages
aber doch jedoch nicht nichts kein keine keinen nie niemals noch trotzdem leider ohne wenn wann
warum bitte sollte könnte würde muss
mais pas ne rien jamais aucun aucune toujours plus sans quand pourquoi plaît svp
pero no nada nunca aún todavía sigue sin cuando favor
ma non niente nulla mai però senza quando perché favore
mas não nada nunca ainda sem quando porém
maar niet niets nooit geen nog zonder als wanneer waarom graag helaas
"""
_FOR = "for für pour por pela pelo per voor"
_FAVOURS = """
help helping helped helpful support assistance assisting assist reply replying response responding
respond answer answering info information update updating updates service everything all time
patience fixing fixed sorting resolving solving looking checking clarifying explaining explanation
advice tip tips heads-up link confirming confirmation understanding kindness reaching getting
hilfe unterstützung antwort rückmeldung info auskunft alles mühe support service tipp
aide réponse retour assistance soutien tout information patience
ayuda respuesta atención apoyo todo información
aiuto risposta supporto assistenza tutto informazioni disponibilità
ajuda resposta atenção apoio tudo suporte
hulp antwoord reactie ondersteuning alles moeite
"""
_ANGRY = re.compile("[😠😡🤬😤🙄👎🖕😒💩]|>:\\(|:-?\\(")
_NOT_SAID = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|(?<!\w)@\w[\w.@-]*|&#?\w+;")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_ELISION = re.compile(r"\b([cdjlmnst]|qu)'")
_QUESTION = re.compile("[?\u00bf\u061f\uff1f]")


def is_acknowledgement(text: str) -> bool:
    """Whether the text is thanks, or that it works now, and nothing else.

    >>> is_acknowledgement("@shop Thank you so much, it works now! 🎉")
    True
    >>> is_acknowledgement("Thanks, but it still does not work")
    False
    >>> is_acknowledgement("Thanks for nothing")
    False
    """
    if len(text) > LONGEST_TEXT:
        return False
    said = _NOT_SAID.sub(" ", text.replace("&#39;", "'"))
    if _QUESTION.search(said) or _ANGRY.search(said):
        return False
    words = _words(said)
    return (
        len(words) <= LONGEST
        and _says(words, _PHRASES)
        and not _DOUBTING.intersection(words)
        and _is_for_a_favour(words)
    )


def _words(text: str) -> list[str]:
    """The words without capitals and accents."""
    letters = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return _WORD.findall(_ELISION.sub(r"\1 ", plain))


def _phrases(*tables: str) -> tuple[str, ...]:
    lines = [line for table in tables for line in table.strip().splitlines()]
    return tuple(f" {' '.join(_words(phrase))} " for line in lines for phrase in line.split("|"))


_PHRASES = _phrases(_THANKS, _SUCCESS)
_DOUBTING = frozenset(_words(_DOUBTS))
_INTRODUCING = frozenset(_words(_FOR))
_FAVOUR = frozenset(_words(_FAVOURS))


def _says(words: list[str], phrases: tuple[str, ...]) -> bool:
    sentence = f" {' '.join(words)} "
    return any(phrase in sentence for phrase in phrases)


def _is_for_a_favour(words: list[str]) -> bool:
    """Whether what follows "for", if anything, names a favour."""
    places = [place for place, word in enumerate(words) if word in _INTRODUCING]
    return not places or not _FAVOUR.isdisjoint(words[places[0] :])
