import type { CaptureOrder } from "./capture_order.ts";
import type { Micros } from "./time.ts";

export type AssetType = "IMAGE" | "VIDEO";
export type Visibility = "archive" | "timeline" | "hidden" | "locked";
export type AlbumRole = "editor" | "viewer";

export interface User {
  readonly id: string;
  name: string;
  email: string;
  avatarColor: string;
  createdAt: Micros;
  /** Everything this user owns, in any visibility, trash too. */
  readonly library: CaptureOrder;
  readonly people: Person[];
}

export interface ApiKey {
  readonly id: string;
  readonly secret: string;
  readonly user: User;
  name: string;
  permissions: string[];
  createdAt: Micros;
}

export interface Person {
  readonly id: string;
  readonly owner: User;
  /** Empty for somebody who was recognised but not named. */
  name: string;
  hidden: boolean;
  favourite: boolean;
  updatedAt: Micros;
  /** The faces assigned to this person, deleted and invisible ones too. */
  readonly faces: Set<Face>;
}

export interface Face {
  readonly id: string;
  readonly asset: Asset;
  person: Person | null;
  /** Soft-deleted: the row is there, nothing shows it. */
  deleted: boolean;
  /** Moved out of the visible part by an edit of the photo. */
  invisible: boolean;
  /** Where it is, in pixels of the picture that the model has looked at; without it where all are. */
  box?: FaceBox;
}

/** A rectangle in a picture of the given size. */
export interface FaceBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly width: number;
  readonly height: number;
}

/** What an asset's metadata say of the camera. */
export interface Camera {
  readonly make: string;
  readonly model: string;
}

export interface Stack {
  readonly id: string;
  primary: Asset;
  readonly assets: Set<Asset>;
}

/** An image file. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export interface Asset {
  readonly id: string;
  readonly owner: User;
  name: string;
  type: AssetType;
  /** Capture time in microseconds; change it with `world.setTakenAt`, which keeps the order. */
  readonly takenAt: Micros;
  /** Upload time. */
  createdAt: Micros;
  updatedAt: Micros;
  visibility: Visibility;
  trashedAt: Micros | null;
  favourite: boolean;
  /** The motion part of a live photo; an asset of its own, usually hidden. */
  livePhotoVideo: Asset | null;
  stack: Stack | null;
  faces: Face[];
  /** What its thumbnail is; without one there is a single dot. */
  picture?: Picture;
  /** What `?edited=true` gives; without one the same as without it. */
  editedPicture?: Picture;
  /** Which of its thumbnails are missing; "lost": the database knows them, their files are gone. */
  missingThumbnails?: "preview" | "all" | "lost";
  duplicateId?: string;
  camera?: Camera;
  /** Its metadata have not been read: a flat search `withExif` leaves it out. */
  lacksExif?: boolean;
  /** How near it is to any query with the word person or people; undefined: nobody has looked. */
  likeness?: number;
}

export interface Album {
  readonly id: string;
  readonly owner: User;
  name: string;
  description: string;
  createdAt: Micros;
  updatedAt: Micros;
  thumbnail: Asset | null;
  /** The members; add and delete as in any Set. */
  readonly assets: CaptureOrder;
  /** Those it is shared with, without the owner. */
  readonly users: Map<User, AlbumRole>;
}
