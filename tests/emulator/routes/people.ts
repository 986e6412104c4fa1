import { mayViewAsset } from "../access.ts";
import { faceBox, personAnswer, personRow } from "../answers.ts";
import { type Answer, type Call, idOf, ok, queryFields, type Route } from "../call.ts";
import { noAccess } from "../errors.ts";
import { boolean, integer, queryBoolean, string, uuid } from "../fields.ts";
import type { Asset, Face, Person } from "../model.ts";
import { listPeople, visibleFaces } from "../people.ts";
import { bodyFields, FieldReading } from "../reading.ts";
import { nowMicros } from "../time.ts";

/** `/people` and `/faces`. */
export const PEOPLE_ROUTES: Route[] = [
  { method: "GET", path: "/api/people", permission: "person.read", answer: list },
  { method: "GET", path: "/api/people/:id", permission: "person.read", answer: get },
  { method: "PUT", path: "/api/people/:id", permission: "person.update", answer: update },
  { method: "GET", path: "/api/faces", permission: "face.read", answer: facesOfAsset },
  { method: "POST", path: "/api/faces", permission: "face.create", answer: createFace },
  { method: "PUT", path: "/api/faces/:id", permission: "face.update", answer: reassignFace },
  { method: "DELETE", path: "/api/faces/:id", permission: "face.delete", answer: deleteFace },
];

function list(call: Call): Answer {
  const reading = new FieldReading(queryFields(call));
  const withHidden = reading.optional("withHidden", queryBoolean) ?? false;
  const page = reading.optional("page", integer(1, null, true)) ?? 1;
  const size = reading.optional("size", integer(1, 1000, true)) ?? 500;
  reading.done();
  const { people, ...rest } = listPeople(call.user, { withHidden, page, size });
  return ok({ people: people.map((person) => personAnswer(person)), ...rest });
}

function get(call: Call): Answer {
  return ok(personAnswer(requirePerson(call, idOf(call), "person.read")));
}

function update(call: Call): Answer {
  const person = requirePerson(call, idOf(call), "person.update");
  const reading = new FieldReading(bodyFields(call.body, call.version.generation));
  const name = reading.optional("name", string);
  const isHidden = reading.optional("isHidden", boolean);
  const isFavorite = reading.optional("isFavorite", boolean);
  reading.done();
  person.name = name ?? person.name;
  person.hidden = isHidden ?? person.hidden;
  person.favourite = isFavorite ?? person.favourite;
  person.updatedAt = nowMicros();
  return ok(personAnswer(person));
}

function facesOfAsset(call: Call): Answer {
  const reading = new FieldReading(queryFields(call));
  const id = reading.required("id", uuid, "");
  reading.done();
  const asset = call.world.assets.get(id);
  if (asset === undefined || !mayViewAsset(call.world, call.user, asset)) {
    throw noAccess("asset.read");
  }
  return ok(
    visibleFaces(asset).map((face) => ({
      ...faceBox(face),
      // Other people's people are nobody.
      person: face.person?.owner === call.user ? personRow(face.person) : null,
    })),
  );
}

function createFace(call: Call): Answer {
  const reading = new FieldReading(bodyFields(call.body, call.version.generation));
  const assetId = reading.required("assetId", uuid, "");
  const personId = reading.required("personId", uuid, "");
  reading.done();
  const asset = requireOwnAsset(call, assetId, "asset.read");
  const person = requirePerson(call, personId, "person.read");
  call.world.addFace({ asset, person });
  return { status: 201 };
}

/** The id in the path is the person's, the face's is in the body. */
function reassignFace(call: Call): Answer {
  const person = requirePerson(call, idOf(call), "person.update");
  const reading = new FieldReading(bodyFields(call.body, call.version.generation));
  const faceId = reading.required("id", uuid, "");
  reading.done();
  call.world.assignFace(requireFace(call, faceId, "person.create"), person);
  return ok(personAnswer(person));
}

/** With `force` the row is gone, without it stays and is shown nowhere. */
function deleteFace(call: Call): Answer {
  const face = requireFace(call, idOf(call), "face.delete");
  const reading = new FieldReading(bodyFields(call.body, call.version.generation));
  const force = reading.required("force", boolean, false);
  reading.done();
  if (force) call.world.removeFace(face);
  else face.deleted = true;
  return { status: 204 };
}

function requirePerson(call: Call, id: string, permission: string): Person {
  const person = call.world.people.get(id);
  if (person?.owner !== call.user) throw noAccess(permission);
  return person;
}

function requireOwnAsset(call: Call, id: string, permission: string): Asset {
  const asset = call.world.assets.get(id);
  if (asset?.owner !== call.user) throw noAccess(permission);
  return asset;
}

function requireFace(call: Call, id: string, permission: string): Face {
  const face = call.world.faces.get(id);
  if (face?.asset.owner !== call.user) throw noAccess(permission);
  return face;
}
