import { isShown, type ShownContent } from "./capture_order.ts";
import type { Generation } from "./generation.ts";
import type { Album, Asset, Face, FaceBox, Person, User } from "./model.ts";
import { peopleOf, visibleFaces } from "./people.ts";
import { dayOf, type Micros, millisOf, rowTimeOf } from "./time.ts";

/** A JSON object of an answer. */
export type Json = Record<string, unknown>;

/**
 * An asset as a search gives it. Without `withPeople` the key `people` is there all the same, and
 * empty. Faces without a person are shown by 2.x only.
 */
export function assetAnswer(
  asset: Asset,
  generation: Generation,
  withPeople: boolean,
  withExif = false,
): Json {
  return {
    ...assetJson(asset, generation, {
      time: millisOf,
      duration: generation === "2.x" ? "0:00:00.00000" : null,
      people: withPeople ? peopleAnswer(asset, generation) : { people: [] },
    }),
    ...(withExif && asset.lacksExif !== true ? { exifInfo: exifOf(asset) } : {}),
  };
}

/** An asset when it is asked for by its id. */
export function singleAssetAnswer(asset: Asset, generation: Generation, own: boolean): Json {
  const { stack } = asset;
  return {
    ...assetAnswer(asset, generation, own, true),
    // Of a partner's asset no faces either (recorded).
    ...(generation === "2.x" && !own ? { unassignedFaces: [] } : {}),
    owner: userInAlbum(asset.owner, millisOf),
    tags: [],
    stack: stack === null
      ? null
      : { id: stack.id, primaryAssetId: stack.primary.id, assetCount: stack.assets.size },
  };
}

/**
 * An asset inside an album of 2.x, a stack, or a group of duplicates: times as the database prints
 * them, with exif, without people.
 */
export function rowAssetAnswer(asset: Asset, generation: Generation): Json {
  return {
    ...assetJson(asset, generation, {
      time: rowTimeOf,
      duration: generation === "2.x" ? "0:00:00.00000" : null,
      people: { people: [] },
    }),
    exifInfo: exifOf(asset),
  };
}

const EXIF = {
  make: null,
  model: null,
  exifImageWidth: 64,
  exifImageHeight: 48,
  fileSizeInByte: 323,
  orientation: null,
  dateTimeOriginal: null,
  modifyDate: null,
  timeZone: null,
  lensModel: null,
  fNumber: null,
  focalLength: null,
  iso: null,
  exposureTime: null,
  latitude: null,
  longitude: null,
  city: null,
  state: null,
  country: null,
  description: "",
  projectionType: null,
  rating: null,
};

function exifOf({ camera, takenAt }: Asset): Json {
  if (camera === undefined) return EXIF;
  return {
    ...EXIF,
    ...camera,
    orientation: "1",
    dateTimeOriginal: rowTimeOf(takenAt),
    modifyDate: rowTimeOf(takenAt),
    timeZone: "UTC+2",
    lensModel: `${camera.model} back camera`,
    fNumber: 1.8,
    focalLength: 5.1,
    iso: 100,
    exposureTime: "1/120",
    latitude: 52.52,
    longitude: 13.4,
    city: "Berlin",
    state: "Berlin",
    country: "Germany",
  };
}

interface AssetForm {
  time: (time: Micros) => string;
  duration: string | null;
  people: Json;
}

function assetJson(asset: Asset, generation: Generation, form: AssetForm): Json {
  const extension = asset.type === "IMAGE" ? "jpg" : "mp4";
  const takenAt = form.time(asset.takenAt);
  return {
    id: asset.id,
    createdAt: form.time(asset.createdAt),
    ...(generation === "2.x" ? deviceOf(asset) : {}),
    ownerId: asset.owner.id,
    libraryId: null,
    type: asset.type,
    originalPath: `/data/upload/${asset.owner.id}/${asset.id}.${extension}`,
    originalFileName: asset.name,
    originalMimeType: asset.type === "IMAGE" ? "image/jpeg" : "video/mp4",
    thumbhash: null,
    fileCreatedAt: takenAt,
    fileModifiedAt: takenAt,
    localDateTime: takenAt,
    updatedAt: form.time(asset.updatedAt),
    isFavorite: asset.favourite,
    isArchived: asset.visibility === "archive",
    isTrashed: asset.trashedAt !== null,
    visibility: asset.visibility,
    duration: form.duration,
    livePhotoVideoId: asset.livePhotoVideo?.id ?? null,
    ...form.people,
    checksum: btoa(asset.id.replaceAll("-", "").slice(0, 20)),
    isOffline: false,
    hasMetadata: true,
    duplicateId: asset.duplicateId ?? null,
    resized: true,
    width: 64,
    height: 48,
    isEdited: false,
  };
}

function deviceOf({ name, takenAt }: Asset): Json {
  return { deviceAssetId: `${name}${millisOf(takenAt)}`, deviceId: "seed" };
}

function peopleAnswer(asset: Asset, generation: Generation): Json {
  const people = peopleOf(asset);
  if (generation !== "2.x") {
    const byId = people.sort((a, b) => a.id < b.id ? -1 : 1);
    return { people: byId.map((person) => personRow(person)) };
  }
  const faces = visibleFaces(asset);
  return {
    people: people.map((person) => ({
      ...personRow(person),
      faces: faces.filter((face) => face.person === person).map((face) => faceBox(face)),
    })),
    unassignedFaces: faces.filter(({ person }) => person === null).map((face) => faceBox(face)),
  };
}

/** A person as part of an asset or a face, with the time as the database prints it. */
export function personRow(person: Person): Json {
  return { ...personAnswer(person), updatedAt: rowTimeOf(person.updatedAt) };
}

export function personAnswer(person: Person): Json {
  return {
    id: person.id,
    name: person.name,
    birthDate: null,
    thumbnailPath: "",
    isHidden: person.hidden,
    isFavorite: person.favourite,
    updatedAt: millisOf(person.updatedAt),
  };
}

const USUAL_BOX: FaceBox = { x1: 5, y1: 5, x2: 25, y2: 25, width: 64, height: 48 };

/** Where a face is in the picture. */
export function faceBox({ id, box = USUAL_BOX }: Face): Json {
  return {
    id,
    boundingBoxX1: box.x1,
    boundingBoxY1: box.y1,
    boundingBoxX2: box.x2,
    boundingBoxY2: box.y2,
    imageWidth: box.width,
    imageHeight: box.height,
    sourceType: "manual",
  };
}

function userInAlbum(user: User, time = rowTimeOf): Json {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    profileImagePath: "",
    avatarColor: user.avatarColor,
    profileChangedAt: time(user.createdAt),
  };
}

/** What the album shows as its content: not the trash, and neither hidden nor locked assets. */
function shownAssets(album: Album): Asset[] {
  return [...album.assets.walk({ from: -Infinity, to: Infinity }, "desc")].filter(isShown);
}

export type AlbumForm = "list" | "get" | "created";

/** An album. `assets` are there on 2.x only: all with "get", none in a list. */
export function albumAnswer(
  album: Album,
  generation: Generation,
  form: AlbumForm,
  withAssets: boolean,
): Json {
  const shown = album.assets.shown();
  const members = [...album.users].map(([user, role]) => ({ user: userInAlbum(user), role }));
  const owner = { user: userInAlbum(album.owner), role: "owner" };
  return {
    albumName: album.name,
    description: album.description,
    albumThumbnailAssetId: album.thumbnail?.id ?? null,
    createdAt: millisOf(album.createdAt),
    updatedAt: millisOf(album.updatedAt),
    id: album.id,
    ...(generation === "2.x"
      ? {
        ownerId: album.owner.id,
        owner: owner.user,
        albumUsers: members,
        assets: withAssets ? shownAssets(album).map((asset) => rowAssetAnswer(asset, "2.x")) : [],
      }
      : { albumUsers: [owner, ...members] }),
    shared: album.users.size > 0,
    hasSharedLink: false,
    ...albumDates(shown, form),
    assetCount: shown.count,
    isActivityEnabled: true,
    order: "desc",
    ...(form === "get" && album.users.size > 0 ? contributors(shownAssets(album)) : {}),
  };
}

function albumDates({ first, last, updatedAt }: ShownContent, form: AlbumForm): Json {
  if (last === null || first === null) return {};
  if (form === "created") {
    return { startDate: rowTimeOf(first.takenAt), endDate: rowTimeOf(last.takenAt) };
  }
  return {
    startDate: dayOf(first.takenAt),
    endDate: dayOf(last.takenAt),
    lastModifiedAssetTimestamp: millisOf(updatedAt),
  };
}

function contributors(shown: Asset[]): Json {
  const counts = new Map<string, number>();
  for (const { owner } of shown) counts.set(owner.id, (counts.get(owner.id) ?? 0) + 1);
  const contributorCounts = [...counts]
    .map(([userId, assetCount]) => ({ userId, assetCount }))
    .sort((a, b) => b.assetCount - a.assetCount);
  return { contributorCounts };
}
