// SPDX-License-Identifier: Apache-2.0
// area_file - an area out of a file: GeoJSON or KML with polygons, or a list of division codes and names. What is not
// understood in full is refused in a sentence: nobody sends a part of what a file says. KML is looked at as text, by its
// polygons alone: nothing in it is ever resolved or fetched, and a document type is refused.
const MOST_BYTES = 2 << 20;
const MOST_CORNERS = 2000;

export class Refusal extends Error {
  constructor(key, ...args) {
    super(key);
    Object.assign(this, { key, args });
  }
}

// [[lon, lat], ...] -> "lat,lon lat,lon ..."; the last corner is the first.
function polygonText(ring) {
  const good = ring.every(([lon, lat]) => Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180);
  if (!good) throw new Refusal('area.file.numbers');
  if (ring.length > MOST_CORNERS) throw new Refusal('area.file.corners', ring.length, MOST_CORNERS);
  const corners = ring.map(([lon, lat]) => `${+lat.toFixed(6)},${+lon.toFixed(6)}`);
  if (corners.length < 4 || corners[0] !== corners.at(-1)) throw new Refusal('area.file.open');
  return corners.join(' ');
}

function polygonOf(rings, name) {
  if (rings.length !== 1) throw new Refusal('area.file.hole');
  return { type: 'polygon', text: polygonText(rings[0]), name: String(name ?? '').slice(0, 100) };
}

// --- GeoJSON -------------------------------------------------------------------------------------------------------

function geometryShapes(geometry, name) {
  switch (geometry?.type) {
    case 'Polygon': return [polygonOf(geometry.coordinates, name)];
    case 'MultiPolygon': return geometry.coordinates.map((rings) => polygonOf(rings, name));
    case 'GeometryCollection': return geometry.geometries.flatMap((one) => geometryShapes(one, name));
    default: throw new Refusal('area.file.no-polygon', geometry?.type ?? '—');
  }
}

function geojsonShapes(json) {
  if (json?.crs) throw new Refusal('area.file.crs');
  if (json?.type === 'FeatureCollection') return json.features.flatMap(geojsonShapes);
  if (json?.type === 'Feature') return geometryShapes(json.geometry, json.properties?.name);
  return geometryShapes(json, '');
}

function readGeojson(text) {
  let json = null;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal('area.file.json');
  }
  try {
    return geojsonShapes(json);
  } catch (problem) {
    if (problem instanceof Refusal) throw problem;
    throw new Refusal('area.file.json'); // of another make than it says
  }
}

// --- KML -----------------------------------------------------------------------------------------------------------

const count = (text, mark) => (text.match(mark) ?? []).length;

function inner(text, name) {
  if (count(text, new RegExp(`<${name}\\b`, 'g')) !== count(text, new RegExp(`</${name}>`, 'g'))) throw new Refusal('area.file.kml');
  return [...text.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(([, found]) => found);
}

function kmlRing(text) {
  const [coordinates, ...more] = inner(text, 'coordinates');
  if (coordinates === undefined || more.length) throw new Refusal('area.file.kml');
  return coordinates.trim().split(/\s+/).map((corner) => corner.split(',').slice(0, 2).map((one) => (/^-?\d+(\.\d+)?$/.test(one) ? Number(one) : NaN)));
}

// <gx:Track> and <k:innerBoundaryIs> are drawn by others all the same.
const holds = (text, names) => new RegExp(`<(?:[^\\s<>/:]+:)?(?:${names})\\b`).test(text);

function readKml(whole) {
  if (/<!(DOCTYPE|ENTITY|\[CDATA\[)/i.test(whole)) throw new Refusal('area.file.doctype');
  const text = whole.replace(/<!--[\s\S]*?-->/g, '');
  if (holds(text, 'NetworkLink|GroundOverlay')) throw new Refusal('area.file.link');
  const found = inner(text, 'Polygon');
  if (found.length !== count(text, /<Polygon\b/g) || holds(text, 'Point|LineString|Track|MultiTrack|Model') || /<[^\s<>/:]+:Polygon\b/.test(text))
    throw new Refusal('area.file.no-polygon', 'KML');
  if (holds(text, 'innerBoundaryIs')) throw new Refusal('area.file.hole');
  return found.map((polygon) => polygonOf(inner(polygon, 'outerBoundaryIs').map(kmlRing), ''));
}

// --- codes ---------------------------------------------------------------------------------------------------------

const codesOf = (text) => text.split(/[\s,;，；、]+/).filter(Boolean);

// text of a file -> { shapes, codes }; a code's right is the server's to judge. Throws a Refusal.
function readArea(name, text) {
  if (text.includes('\ufffd')) throw new Refusal('area.file.utf8');
  const body = text.replace(/^\ufeff/, '').trim();
  const shapes = body.startsWith('{') ? readGeojson(body) : body.startsWith('<') ? readKml(body) : null;
  if (shapes && !shapes.length) throw new Refusal('area.file.no-polygon', name);
  const codes = shapes ? [] : codesOf(body);
  if (!shapes && (!codes.length || codes.length > 400)) throw new Refusal('area.file.empty', name);
  return { shapes: shapes ?? [], codes };
}

export async function readAreaFile(file) {
  if (file.size > MOST_BYTES) throw new Refusal('area.file.big', MOST_BYTES >> 20);
  return readArea(file.name, await file.text());
}
