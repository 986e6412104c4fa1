import { type Answer, type Call, ok, PUBLIC, type Route } from "../call.ts";
import { ApiError } from "../errors.ts";
import { millisOf } from "../time.ts";

/** `/server/…`, and who is asking. */
export const SERVER_ROUTES: Route[] = [
  open("/api/server/ping", () => ok({ res: "pong" })),
  open("/api/server/version", version),
  open("/api/server/config", config),
  open("/api/server/features", features),
  { method: "GET", path: "/api/server/version-history", permission: PUBLIC, answer: () => ok([]) },
  { method: "GET", path: "/api/server/about", permission: "server.about", answer: about },
  { method: "GET", path: "/api/users/me", permission: "user.read", answer: usersMe },
  { method: "GET", path: "/api/api-keys/me", permission: null, answer: apiKeysMe },
  { method: "POST", path: "/api/sync/stream", permission: null, answer: syncStream },
];

/** A route that needs no key and answers in maintenance mode, too. */
function open(path: string, answer: (call: Call) => Answer): Route {
  return { method: "GET", path, permission: PUBLIC, inMaintenance: true, answer };
}

function version({ version }: Call): Answer {
  const { major, minor, patch, generation } = version;
  return ok({ major, minor, patch, ...(generation === "2.x" ? {} : { prerelease: null }) });
}

function config({ world, version }: Call): Answer {
  if (world.maintenance) return ok({ maintenanceMode: true });
  return ok({
    loginPageMessage: "",
    trashDays: 30,
    userDeleteDelay: 7,
    oauthButtonText: "Login with OAuth",
    isInitialized: true,
    isOnboarded: false,
    externalDomain: "",
    publicUsers: true,
    mapDarkStyleUrl: "https://tiles.immich.cloud/v1/style/dark.json",
    mapLightStyleUrl: "https://tiles.immich.cloud/v1/style/light.json",
    maintenanceMode: false,
    ...(version.generation === "2.x" ? {} : { minFaces: 3 }),
  });
}

/** What is configured, whether it works or not. */
function features({ world, version }: Call): Answer {
  const machineLearning = world.machineLearning !== "off";
  return ok({
    smartSearch: machineLearning,
    facialRecognition: machineLearning,
    duplicateDetection: machineLearning,
    map: true,
    reverseGeocoding: true,
    importFaces: false,
    sidecar: true,
    search: true,
    trash: true,
    oauth: false,
    oauthAutoLaunch: false,
    ocr: machineLearning,
    passwordLogin: true,
    configFile: false,
    email: false,
    ...(version.generation === "2.x" ? {} : { realtimeTranscoding: false }),
  });
}

function about({ version }: Call): Answer {
  return ok({
    version: `v${version.text}`,
    versionUrl: `https://github.com/immich-app/immich/releases/tag/v${version.text}`,
    licensed: false,
    nodejs: "v24.21.0",
    exiftool: version.generation === "2.x" ? "13.53" : "13.59",
    ffmpeg: "5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers",
    libvips: "8.17.3",
    imagemagick: "",
  });
}

function usersMe({ user, world }: Call): Answer {
  const createdAt = millisOf(user.createdAt);
  const isAdmin = world.users[0] === user;
  return ok({
    id: user.id,
    email: user.email,
    name: user.name,
    profileImagePath: "",
    avatarColor: user.avatarColor,
    profileChangedAt: createdAt,
    storageLabel: isAdmin ? "admin" : null,
    shouldChangePassword: true,
    isAdmin,
    createdAt,
    deletedAt: null,
    updatedAt: createdAt,
    oauthId: "",
    quotaSizeInBytes: null,
    quotaUsageInBytes: user.library.size * 323,
    status: "active",
    license: null,
  });
}

function apiKeysMe({ key }: Call): Answer {
  const createdAt = millisOf(key.createdAt);
  const { id, name, permissions } = key;
  return ok({ id, name, createdAt, updatedAt: createdAt, permissions });
}

function syncStream(): Answer {
  throw new ApiError(403, "Sync endpoints cannot be used with API keys");
}
