// Makes a browser's screenshot small: 8-bit RGB becomes a palette of at most 256 colours. Reads only what browsers write.

import { deflateSync, inflateSync } from "node:zlib";

const COLOURS_MAX = 256;
// Flat areas and gradients: the most frequent colours stay exactly as they are; edges of letters share the rest of the palette.
const EXACT_MAX = 192;

/** The same picture, smaller. Pictures with transparency stay as they are. */
export function small(png) {
  const { width, height, channels, data } = read(png);
  if (channels !== 3) return png;
  const counts = new Map();
  const colour = (index) => (data[index] << 16) | (data[index + 1] << 8) | data[index + 2];
  for (let index = 0; index < data.length; index += 3) counts.set(colour(index), (counts.get(colour(index)) ?? 0) + 1);
  const palette = choose(counts);
  const place = new Map([...counts.keys()].map((one) => [one, nearest(palette, one)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = place.get(colour((y * width + x) * 3));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]));
  const parts = [["IHDR", header], ["PLTE", table], ["IDAT", deflateSync(rows, { level: 9 })], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([SIGNATURE, ...parts.map(([name, bytes]) => chunk(name, bytes))]);
}

function choose(counts) {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([one]) => one);
  if (sorted.length <= COLOURS_MAX) return sorted;
  const palette = sorted.slice(0, EXACT_MAX);
  // The rest, one for each of the coarse cells that are met most.
  const cells = new Map();
  for (const one of sorted.slice(EXACT_MAX)) {
    const cell = one & 0xe0e0e0;
    const known = cells.get(cell);
    if (known) known.count += counts.get(one);
    else cells.set(cell, { one, count: counts.get(one) });
  }
  const chosen = [...cells.values()].sort((a, b) => b.count - a.count).slice(0, COLOURS_MAX - EXACT_MAX);
  return [...palette, ...chosen.map(({ one }) => one)];
}

function nearest(palette, one) {
  let [best, least] = [0, Infinity];
  for (const [index, other] of palette.entries()) {
    const [red, green, blue] = [16, 8, 0].map((shift) => ((one >> shift) & 255) - ((other >> shift) & 255));
    const distance = red * red + green * green + blue * blue;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

/** The pixels of an 8-bit RGB or RGBA picture (PNG §9: each row is told by its difference from its neighbours). */
function read(png) {
  const body = [];
  let header;
  for (let at = SIGNATURE.length; at < png.length;) {
    const [length, name] = [png.readUInt32BE(at), png.toString("latin1", at + 4, at + 8)];
    const bytes = png.subarray(at + 8, at + 8 + length);
    if (name === "IHDR") header = bytes;
    if (name === "IDAT") body.push(bytes);
    at += length + 12;
  }
  const [width, height, depth, kind] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]];
  const channels = { 2: 3, 6: 4 }[kind];
  if (depth !== 8 || !channels || header[12] !== 0) throw new Error("not a picture that browsers write");
  const raw = inflateSync(Buffer.concat(body));
  const stride = width * channels;
  const data = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const left = x >= channels ? data[y * stride + x - channels] : 0;
      const up = y > 0 ? data[(y - 1) * stride + x] : 0;
      const corner = x >= channels && y > 0 ? data[(y - 1) * stride + x - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter];
      data[y * stride + x] = (raw[y * (stride + 1) + 1 + x] + guess) & 255;
    }
  }
  return { width, height, channels, data };
}

function paeth(left, up, corner) {
  const [a, b, c] = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function chunk(name, bytes) {
  const out = Buffer.alloc(bytes.length + 12);
  out.writeUInt32BE(bytes.length, 0);
  out.write(name, 4, "latin1");
  out.set(bytes, 8);
  out.writeUInt32BE(crc(out.subarray(4, bytes.length + 8)), bytes.length + 8);
  return out;
}

/** CRC-32 (PNG annex D). */
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
