"""Pairwise, List and Ranker: compare, order and sort things."""

from labelwright.api import Tag, Template, hookimpl
from labelwright_tag_ranking.pairwise import Pairwise
from labelwright_tag_ranking.ranker import Bucket, List, Ranker
from labelwright_tag_ranking.samples import PAIRS, PAIRS_ZH, RESULTS, RESULTS_ZH


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Pairwise, List, Ranker, Bucket]


@hookimpl
def register_templates() -> list[Template]:
    return [
        Template(
            "pairwise",
            "Which one is better?",
            "Ranking",
            """<View>
  <Header value="$question"/>
  <View style="display: grid; grid-template-columns: 1fr 1fr; gap: 1em">
    <Text name="left" value="$left"/>
    <Text name="right" value="$right"/>
  </View>
  <Pairwise name="better" toName="left,right"/>
</View>""",
            "Two answers side by side: choose the better one.",
            samples={"en": PAIRS, "zh": PAIRS_ZH},
        ),
        Template(
            "ranking",
            "Order a list",
            "Ranking",
            """<View>
  <Header value="$question"/>
  <List name="results" value="$results" title="Results"/>
  <Ranker name="rank" toName="results">
    <Bucket name="relevant" title="Relevant"/>
    <Bucket name="useless" title="Useless"/>
  </Ranker>
</View>""",
            "Sort results into groups, the best ones first.",
            samples={"en": RESULTS, "zh": RESULTS_ZH},
        ),
    ]
