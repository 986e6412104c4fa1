import type { AlbumRole } from "./model.ts";

// What was in the recorded servers and is not, or not clearly, in their answers.

/** The faces of the assets: a person's name, or what is special about the face. */
export const FACES: Record<string, string[]> = {
  named: ["anna"],
  unnamed: ["unnamed1"],
  hiddenperson: ["hidden1"],
  face_noperson: ["no person"],
  face_deleted: ["deleted"],
  face_invisible: ["invisible"],
  mixed_named_hidden: ["anna", "hidden1"],
  mixed_named_noperson: ["anna", "no person"],
  two_named: ["anna", "ben"],
  archived_named: ["anna"],
  trashed_named: ["anna"],
  favourite_named: ["anna"],
  locked_named: ["anna"],
  stack_child_named: ["anna"],
  hidden_vis_named: ["anna"],
  bob1: ["bobs_friend"],
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [
      `plain${String(n).padStart(2, "0")}`,
      [n % 2 === 0 ? "ben" : "anna"],
    ]),
  ),
};

/** By the names that FACES has for them. */
export const PEOPLE: Record<string, { name: string; hidden?: boolean }> = {
  anna: { name: "Anna" },
  ben: { name: "Ben" },
  unnamed1: { name: "" },
  hidden1: { name: "Hidden Harry", hidden: true },
  hidden_unnamed: { name: "", hidden: true },
  bobs_friend: { name: "BobFriend" },
};

const MIXED = "archived_named named unnamed hiddenperson face_noperson plain00 plain20 " +
  "stack_primary stack_child trashed_named hidden_vis_named";

export interface AlbumContent {
  owner: string;
  name: string;
  assets: string;
  role?: AlbumRole;
  thumbnail?: string;
}

/** In the order of their creation. */
export const ALBUMS: Record<string, AlbumContent> = {
  mixed: { owner: "alice", name: "Mixed album", assets: MIXED },
  sync: { owner: "alice", name: "Sync target", assets: "" },
  dupname1: { owner: "alice", name: "Same name", assets: "" },
  dupname2: { owner: "alice", name: "Same name", assets: "" },
  big: { owner: "alice", name: "Big", assets: "" },
  empty: { owner: "alice", name: "Empty", assets: "" },
  bob_shared_editor: {
    owner: "bob",
    name: "Bob shared (editor)",
    assets: "bob0 bob1 bob_archived bob_trashed plain01",
    role: "editor",
  },
  carol_shared_viewer: {
    owner: "carol",
    name: "Carol shared (viewer)",
    assets: "carol0",
    role: "viewer",
  },
  carol_shared_editor: {
    owner: "carol",
    name: "Carol shared (editor)",
    assets: "carol1 carol0",
    role: "editor",
  },
  carol_private: { owner: "carol", name: "Carol private", assets: "carol2" },
};

/** Capture times that no answer shows; those of the albums' first and last days where there is one. */
export const UNSEEN_TIMES: Record<string, string> = {
  carol1: "2016-12-16T00:00:00.000Z",
  carol2: "2017-01-17T00:00:00.000Z",
  locked: "2021-05-17T10:16:00.000Z",
  locked_named: "2018-01-02T00:00:00.000Z",
  bob_locked: "2018-01-03T00:00:00.000Z",
};
