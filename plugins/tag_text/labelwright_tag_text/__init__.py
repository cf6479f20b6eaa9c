"""Text and Labels: spans of plain text, and labels for what any tool draws."""

from labelwright.api import Tag, Template, hookimpl
from labelwright_tag_text.labels import Labels
from labelwright_tag_text.text import Text

LETTERS = [
    {
        "text": "Ada Lovelace wrote to Charles Babbage from Somerset. The Royal Society in London kept the letter."
    },
    {"text": "When the ferry company moved to Turku, Mikko Laine opened a bakery in its old ticket office."},
]
LETTERS_ZH = [
    {"text": "阿达·洛芙莱斯从萨默塞特写信给查尔斯·巴贝奇，这封信保存在伦敦的皇家学会。"},
    {"text": "渡轮公司迁往大连后，周海在旧售票处开了一家面包店。"},
]
"""Tasks to try the template on."""


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Text, Labels]


@hookimpl
def register_templates() -> list[Template]:
    return [
        Template(
            "text-entities",
            "Named entities",
            "Natural language",
            """<View>
  <Labels name="entity" toName="text">
    <Label value="Person"/>
    <Label value="Organisation"/>
    <Label value="Place"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>""",
            "Mark the words that name a person, an organisation or a place.",
            samples={"en": LETTERS, "zh": LETTERS_ZH},
        )
    ]
