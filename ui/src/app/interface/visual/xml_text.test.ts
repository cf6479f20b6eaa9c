import { describe, expect, test } from "vitest";

import { decode, lineOf, nearest, pathAt, readXml, valueOf, walk } from "./xml_text.ts";

const WILD = `<?xml version="1.0"?>
<!-- who wrote it -->
<View  className='a "b"'
       style = "x: 1;
       y: 2" >
  <!-- <Hidden name="no"/> -->
  <Image name="image" value="$image"/>   <!-- behind -->
  <Style><![CDATA[ .a > .b { } <not> ]]></Style>
  <Unknown foo="1" foo="2"><deep.er x:y="&lt;&#65;&#x42;&amp;&nope;"/></Unknown>
</View>
`;

describe("a configuration is read with its places", () => {
  const xml = readXml(WILD);

  test("elements, and none that stand in comments", () => {
    expect(xml.broken).toBeNull();
    expect([...walk(xml.root!)].map(({ element, path }) => `${path.join(".")} ${element.name}`)).toEqual([" View", "0 Image", "1 Style", "2 Unknown", "2.0 deep.er"]);
  });

  test("each place is that of the text", () => {
    for (const { element } of walk(xml.root!)) {
      expect(WILD.slice(element.from, element.nameTo)).toBe(`<${element.name}`);
      expect(WILD[element.to - 1]).toBe(">");
      for (const one of element.attributes) {
        expect(WILD.slice(one.from, one.from + one.name.length)).toBe(one.name);
        expect(WILD.slice(one.inner.from - 1, one.inner.from)).toBe(one.quote);
        expect(decode(WILD.slice(one.inner.from, one.inner.to).replaceAll("\n", " "))).toBe(one.value);
      }
    }
  });

  test("values as XML has them", () => {
    expect(valueOf(xml.root!, "STYLE")).toBe("x: 1;        y: 2");
    expect(valueOf(xml.root!.children[2]!.children[0]!, "x:y")).toBe("<AB&&nope;");
  });

  test("the element around a position, and the nearest one of a place that is gone", () => {
    expect(pathAt(xml.root!, WILD.indexOf("$image"))).toEqual([0]);
    expect(pathAt(xml.root!, WILD.indexOf("deep.er"))).toEqual([2, 0]);
    expect(nearest(xml.root!, [2, 7, 1]).path).toEqual([2]);
  });
});

describe("where a text cannot be told apart the cause and the place are told", () => {
  test.each([
    ["<View>\n  <Text name='a'>\n</View>", "crossed", 3],
    ["<View>\n  <Text>", "not-closed", 2],
    ["<View>\n<Text name=a/></View>", "quotes", 2],
    ['<View name="a>', "quotes", 1],
    ["<View hidden></View>", "no-value", 1],
    ["<View><!-- a </View>", "comment", 1],
    ["<View/>\n<View/>", "second-root", 2],
    ["<View/>\nmore", "second-root", 1],
    ["words", "no-element", 1],
    ["<View>< /View>", "name", 1],
    ['<View a="1"b="2"/>', "attributes", 1],
  ])("%s", (text, cause, line) => {
    const { broken, root } = readXml(text);
    expect(root).toBeNull();
    expect([broken?.cause, lineOf(text, broken?.at ?? 0)]).toEqual([cause, line]);
  });

  test("nothing at all is not broken", () => expect(readXml(" \n")).toMatchObject({ root: null, broken: null }));
});
