import { describe, expect, test } from "vitest";

import { apply, duplicate, insert, move, remove, setAttribute, setContent, unwrap, wrap, type Edit } from "./xml_edit.ts";
import { elementAt, readXml, valueOf, walk, type Path, type XmlElement } from "./xml_text.ts";

const BOXES = `<View>
  <!-- The picture -->
  <Image name="image"
         value="$image" odd='1' />

  <RectangleLabels name="box" toName="image"> <!-- two of them -->
    <Label value="Car" /> <!-- the first -->
    <!-- the second -->
    <Label value="Tree" />
  </RectangleLabels>
  <Header value="Done"/>
</View>
`;

const done = (text: string, edit: Edit) => apply(text, edit.changes);
const on = (text: string, act: (xml: ReturnType<typeof readXml>) => Edit) => done(text, act(readXml(text)));
const set = (text: string, path: Path, name: string, value: string | null) => {
  const xml = readXml(text);
  return apply(text, setAttribute(xml, elementAt(xml.root!, path)!, name, value));
};

describe("attributes", () => {
  test("a value changes between its own quotes", () => {
    expect(set(BOXES, [0], "odd", "it's <&>")).toBe(BOXES.replace("odd='1'", "odd='it&apos;s &lt;&amp;>'"));
  });
  test("a new one stands behind the last, set in as that is", () => {
    expect(set(BOXES, [0], "zoom", "true")).toBe(BOXES.replace("odd='1' />", "odd='1' zoom=\"true\" />"));
    expect(set('<A\n   b="1"/>', [], "c", "2")).toBe('<A\n   b="1"\n   c="2"/>');
    expect(set("<A/>", [], "c", "2")).toBe('<A c="2"/>');
  });
  test("one goes with the space before it", () => {
    expect(set(BOXES, [0], "VALUE", null)).toBe(BOXES.replace('\n         value="$image"', ""));
  });
  test("what is typed is a change of a letter", () => {
    const xml = readXml(BOXES);
    const [change, ...more] = setAttribute(xml, xml.root!.children[2]!, "value", "Done!");
    expect([change?.insert, change!.to - change!.from, more]).toEqual(["!", 0, []]);
  });
});

describe("elements", () => {
  test("a new one is set in as those beside it, behind their comments", () => {
    expect(on(BOXES, (xml) => insert(xml, [1], 1, [['<Label value="Bus" />']]))).toBe(BOXES.replace("<!-- the first -->", '<!-- the first -->\n    <Label value="Bus" />'));
    expect(on(BOXES, (xml) => insert(xml, [1], 0, [['<Label value="Bus" />']]))).toBe(BOXES.replace('<Label value="Car"', '<Label value="Bus" />\n    <Label value="Car"'));
    expect(on(BOXES, (xml) => insert(xml, [], 0, [["<A/>"]]))).toBe(BOXES.replace("<!-- The picture", "<A/>\n  <!-- The picture"));
  });
  test("many, and into what is empty", () => {
    expect(on("<View/>", (xml) => insert(xml, [], 0, [["<A>", "  <B/>", "</A>"], ["<C/>"]]))).toBe("<View>\n  <A>\n    <B/>\n  </A>\n  <C/>\n</View>");
    expect(on("<View>\n  \n</View>", (xml) => insert(xml, [], 0, [["<A/>"]]))).toBe("<View>\n  <A/>\n</View>");
    expect(on("<View>\n\t<!-- kept -->\n</View>", (xml) => insert(xml, [], 0, [["<A/>"]]))).toBe("<View>\n\t<!-- kept -->\n  <A/>\n</View>");
    expect(on("<View><A/></View>", (xml) => insert(xml, [], 1, [["<B/>"], ["<C/>"]]))).toBe("<View><A/><B/><C/></View>");
    expect(on("<V><A/><B></B></V>", (xml) => insert(xml, [1], 0, [["<C/>"]]))).toBe("<V><A/><B><C/></B></V>");
  });
  test("one goes with its line, comments stay", () => {
    expect(on(BOXES, (xml) => remove(xml, [2]))).toBe(BOXES.replace('  <Header value="Done"/>\n', ""));
    expect(on(BOXES, (xml) => remove(xml, [1, 0]))).toBe(BOXES.replace('<Label value="Car" /> ', ""));
  });
  test("one moves with the comments that are about it", () => {
    expect(on(BOXES, (xml) => move(xml, [1, 0], [1], 1))).toBe(BOXES.replace(
      '    <Label value="Car" /> <!-- the first -->\n    <!-- the second -->\n    <Label value="Tree" />\n',
      '    <!-- the second -->\n    <Label value="Tree" />\n    <Label value="Car" /> <!-- the first -->\n',
    ));
    expect(on(BOXES, (xml) => move(xml, [0], [], 2))).toBe(`<View>

  <RectangleLabels name="box" toName="image"> <!-- two of them -->
    <Label value="Car" /> <!-- the first -->
    <!-- the second -->
    <Label value="Tree" />
  </RectangleLabels>
  <Header value="Done"/>
  <!-- The picture -->
  <Image name="image"
         value="$image" odd='1' />
</View>
`);
  });
  test("what is inside is set in anew, but not texts and values", () => {
    const text = '<View>\n  <A>\n    <B x="1\n    2">\n    kept\n    </B>\n  </A>\n  <C/>\n</View>';
    expect(on(text, (xml) => move(xml, [0], [1], 0))).toBe('<View>\n  <C>\n    <A>\n      <B x="1\n    2">\n    kept\n      </B>\n    </A>\n  </C>\n</View>');
  });
  test("Windows lines stay Windows lines", () => {
    expect(on("<View>\r\n  <A/>\r\n  <B/>\r\n</View>", (xml) => move(xml, [0], [], 1))).toBe("<View>\r\n  <B/>\r\n  <A/>\r\n</View>");
    expect(on("<View>\r\n  <A/>\r\n</View>", (xml) => insert(xml, [], 1, [["<B/>"]]))).toBe("<View>\r\n  <A/>\r\n  <B/>\r\n</View>");
  });
  test("copies, wrappings and unwrappings", () => {
    expect(on(BOXES, (xml) => duplicate(xml, [2]))).toBe(BOXES.replace('<Header value="Done"/>', '<Header value="Done"/>\n  <Header value="Done"/>'));
    const wrapped = on(BOXES, (xml) => wrap(xml, [1], "Panel"));
    expect(wrapped).toContain('  <Panel>\n    <RectangleLabels name="box" toName="image"> <!-- two of them -->\n      <Label value="Car" /> <!-- the first -->');
    expect(on(wrapped, (xml) => unwrap(xml, [1]))).toBe(BOXES);
  });
  test("texts inside", () => {
    const inside = (text: string, content: string) => {
      const xml = readXml(text);
      return apply(text, setContent(xml, xml.root!, content));
    };
    expect(inside("<S>\n  .a {}\n</S>", ".b > .c {}")).toBe("<S>\n  .b > .c {}\n</S>");
    expect(inside("<S a='1' />", "x < y")).toBe("<S a='1'>x &lt; y</S>");
    expect(inside("<S><![CDATA[a]]></S>", "a < b")).toBe("<S><![CDATA[a < b]]></S>");
  });
});

/** Numbers that are the same in each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

function randomXml(roll: (sides: number) => number): string {
  let count = 0;
  const element = (depth: number, indent: string, isInline: boolean): string => {
    const name = `E${(count += 1)}`;
    const attributes = Array.from({ length: roll(3) }, (_, index) => `${[" ", "  ", isInline ? " " : `\n${indent}   `][roll(3)]}a${index}=${["\"x > y\"", "'it \"is\" <&amp;'"][roll(2)]!.replace("<", "&lt;")}`).join("");
    const size = depth > 3 ? 0 : roll(4);
    if (size === 0 && roll(2)) return `<${name}${attributes}${["/>", " />"][roll(2)]}`;
    if (size === 0) return `<${name}${attributes}>${["", " ", isInline ? "" : `\n${indent}`][roll(3)]}</${name}>`;
    const inline = isInline || roll(5) === 0;
    const inner = `${indent}  `;
    const comment = () => `<!-- note ${(count += 1)} <X/> -->`;
    const lines = Array.from({ length: size }, () => {
      const above = !inline && roll(4) === 0 ? `${comment()}\n${inner}` : "";
      const behind = !inline && roll(4) === 0 ? ` ${comment()}` : "";
      return above + element(depth + 1, inner, inline) + behind + (!inline && roll(6) === 0 ? "\n" : "");
    });
    return inline ? `<${name}${attributes}>${lines.join("")}</${name}>` : `<${name}${attributes}>\n${inner}${lines.join(`\n${inner}`)}\n${indent}</${name}>`;
  };
  return `${element(0, "", false)}\n`;
}

type Shape = [string, ...unknown[]];
const shapeOf = (element: XmlElement): Shape => [element.name, element.attributes.map((one) => [one.name, one.value]), element.children.map(shapeOf)];
const kids = (shape: Shape, path: Path): Shape[] => path.reduce((all, index) => all[index]![2] as Shape[], [shape] as Shape[]);
const childrenAt = (shape: Shape, path: Path): Shape[] => kids(shape, [0, ...path]);
const commentsOf = (text: string) => (text.match(/<!--.*?-->/g) ?? []).toSorted();
const startTags = (text: string, but: string) => [...walk(readXml(text).root!)].map(({ element }) => text.slice(element.from, element.openTo).replace(/\s*\/?>$/, "")).filter((tag) => !new RegExp(`^<${but}\\b`).test(tag)).map((tag) => tag.replaceAll(/\s+/g, " ")).toSorted();

describe("whatever is edited, the rest stays as it was", () => {
  test.each(Array.from({ length: 80 }, (_, seed) => seed))("random configuration %i", (seed) => {
    const roll = dice(seed + 1);
    const text = randomXml(roll);
    const xml = readXml(text);
    expect(xml.broken).toBeNull();
    const places = [...walk(xml.root!)];
    const any = () => places[roll(places.length)]!;
    const shape = shapeOf(xml.root!);

    const { element, path } = any();
    const changed = readXml(apply(text, setAttribute(xml, element, "a0", "new & \"old\"")));
    expect(valueOf(elementAt(changed.root!, path)!, "a0")).toBe('new & "old"');
    expect(startTags(changed.text, element.name)).toEqual(startTags(text, element.name));
    expect(apply(changed.text, setAttribute(changed, elementAt(changed.root!, path)!, "a0", valueOf(element, "a0") ?? null)).replaceAll(/&quot;|&apos;/g, "")).toBe(text.replaceAll(/&quot;|&apos;/g, ""));

    const into = any();
    const at = roll(into.element.children.length + 1);
    const added = insert(xml, into.path, at, [["<New/>"]]);
    const withNew = done(text, added);
    const expected = structuredClone(shape);
    childrenAt(expected, into.path).splice(at, 0, ["New", [], []]);
    expect(shapeOf(readXml(withNew).root!)).toEqual(expected);
    expect(elementAt(readXml(withNew).root!, added.select!)!.name).toBe("New");
    expect(commentsOf(withNew)).toEqual(commentsOf(text));
    if (into.element.children.length > 0) expect(on(withNew, (one) => remove(one, added.select!))).toBe(text);

    const from = any();
    const to = any();
    const goal = roll(to.element.children.length + 1);
    const moved = move(xml, from.path, to.path, goal);
    if (!moved.select) return;
    const result = done(text, moved);
    const after = readXml(result);
    expect(after.broken).toBeNull();
    expect(shapeOf(elementAt(after.root!, moved.select)!)).toEqual(shapeOf(from.element));
    expect(commentsOf(result)).toEqual(commentsOf(text));
    expect(startTags(result, "none")).toEqual(startTags(text, "none"));
    const home = elementAt(xml.root!, from.path.slice(0, -1))!.name;
    const back = move(after, moved.select, [...walk(after.root!)].find((one) => one.element.name === home)!.path, from.path.at(-1)!);
    expect(shapeOf(readXml(done(result, back)).root!)).toEqual(shape);
  });
});
