// Made by `npm run generate` from the control API's OpenAPI document. Do not edit.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what there is; who asks for `text/html`, as a browser does, gets the page. */
        get: operations["index"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells the time by the stage's clock. */
        get: operations["showClock"];
        put?: never;
        /** Moves the stage's clock, stops it, or lets it run. */
        post: operations["moveClock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the faults in force. */
        get: operations["listFaults"];
        put?: never;
        /** Puts a fault in force. */
        post: operations["injectFault"];
        /** Lifts all faults, or those of one name. */
        delete: operations["liftFaults"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/faults/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Lifts one fault. */
        delete: operations["liftFault"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells that the stage is up. Needs no token. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists exchanges. The portal's own requests for an issuer's keys are among them, with the caller `gateway`. */
        get: operations["listExchanges"];
        put?: never;
        post?: never;
        /** Forgets all exchanges; the numbers go on. */
        delete: operations["clearJournal"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts exchanges, without the portal's own. */
        get: operations["countExchanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follows the journal: what is kept since `since`, then each exchange as it passes, until the caller or the stage goes. */
        get: operations["followJournal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal/wait": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Waits until a request of a kind has come, and answers its exchange. Not the portal's own. */
        post: operations["awaitExchange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes the signing keys of an issuer. */
        post: operations["changeKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers the OpenAPI document of this API. Needs no token. */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes everything as it was at the start: the world with its keys, the clock, no faults, an empty journal. */
        post: operations["reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/restarts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts a mock anew. */
        post: operations["restart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plays one step of a scenario: any but `sync`, `expect` and a restart of the subject, which are about a subject. */
        post: operations["playStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes what becomes of access tokens. */
        post: operations["changeTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Verifies the requests that came. */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/world": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the world as it is now. */
        get: operations["showWorld"];
        /**
         * Replaces the world by that of a scenario, which stands alone: documents are written in it. Its steps are not played.
         *     A scenario with a mistake changes nothing.
         */
        put: operations["replaceWorld"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/world/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes what the portal shows: one new world, or none when the change names what is not there. */
        post: operations["changeWorld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A fault in force. */
        ActiveFault: {
            fault: components["schemas"]["Fault"];
            /**
             * Format: int64
             * @description By this it is lifted.
             */
            id: number;
            /** @description By this name too. */
            name: string;
            /**
             * Format: date-time
             * @description When it began, by the stage's clock.
             */
            since: string;
        };
        /** @description The id of one version of an API product: `petstore-v1`. */
        ApiId: string;
        /** @description External auth before the portal. */
        AuthFile: {
            /** @description What a token's `aud` must hold; not checked without one. */
            audience?: string | null;
            /** @description The names of the issuers that are trusted; by default all. */
            issuers?: string[] | null;
        };
        /** @description A body as it is sent. Its content type is JSON where it is JSON, else plain text. */
        BodyText: string;
        /** @description What the catalog as a whole must be. */
        CatalogWish: "same" | "exactly" | "valid";
        /**
         * @description A change of what the portal shows: one new world, or none where part of it can't be. What is left out stays as it is.
         *     Removals come first, then the usage plans, then edits of products and of versions, then additions.
         */
        Change: {
            /** @description Products that come, after the ones that are there. */
            addProducts?: components["schemas"]["ProductFile"][];
            /** @description Versions that come, each to a product that is there. */
            addVersions?: components["schemas"]["NewVersion"][];
            /** @description Products that change, by id. */
            editProducts?: components["schemas"]["ProductEdit"][];
            /** @description Versions that change, by their API id. */
            editVersions?: components["schemas"]["VersionEdit"][];
            /** @description Made-up products that come, for a portal of a size that nobody writes by hand. */
            grow?: components["schemas"]["Growth"] | null;
            /** @description Whether all products go. */
            removeAll?: boolean;
            /** @description Products that go, with all their versions, by id. */
            removeProducts?: components["schemas"]["ProductId"][];
            /** @description Versions that go, by their API id. */
            removeVersions?: components["schemas"]["ApiId"][];
            /**
             * @description The usage plans from now on, in place of those that are there. A version that could be used under all has all
             *     then, and any other keeps those of its plans that are there still.
             */
            usagePlans?: components["schemas"]["UsagePlanFile"][] | null;
        };
        /** @description What is to be verified. */
        Check: {
            /**
             * Format: date-time
             * @description The time from which `notBefore` counts, the `now` of an earlier answer.
             */
            from?: string | null;
            requests: components["schemas"]["RequestWish"][];
            /**
             * Format: int64
             * @description Among those with a higher number than this, a `mark`; all that are kept, without it.
             * @default 0
             */
            since?: number;
        };
        /** @description One client. */
        ClientFile: {
            /** @description The grants that are enabled; by default all that the client can use: without a secret not `client_credentials`. */
            grants?: components["schemas"]["Grant"][] | null;
            /** @description The client id. */
            id: string;
            /** @description Where a login may return to, as absolute URLs; by default nowhere. */
            redirectUris?: string[];
            /** @description The client secret; a client without one is public. */
            secret?: components["schemas"]["Secret"] | null;
        };
        /** @description The stage's clock. */
        ClockFace: {
            /** @description Whether it stands still. */
            frozen: boolean;
            /**
             * Format: date-time
             * @description Its time now.
             */
            now: string;
            /** @description How far each mock's clock is before it, or behind it with a minus. */
            skew: components["schemas"]["Skews"];
        };
        /** @description How the stage's clock is moved. Both mocks go by it, and so does a subject that runs in this process. */
        ClockMove: {
            advance: components["schemas"]["Lapse"];
        } | {
            /** Format: date-time */
            set: string;
        } | "freeze" | "run" | {
            skew: components["schemas"]["Skew"];
        };
        /** @description A number of exchanges. */
        Count: {
            /** @description How many. */
            count: number;
        };
        /** @description A delay before the answer, in real time. */
        Delay: {
            /** @description Always so long, or the median of a log-normal spread. */
            by: components["schemas"]["Lapse"];
            /**
             * Format: uint32
             * @description With `log-normal`, the standard deviation of the logarithm in hundredths; 50 by default.
             */
            sigmaPercent?: number | null;
            /** @description How it is spread; by default not at all. */
            spread?: components["schemas"]["DelaySpread"];
            /** @description With `uniform`, the longest. */
            to?: components["schemas"]["Lapse"] | null;
        };
        /** @description How delays are spread. */
        DelaySpread: "fixed" | "uniform" | "log-normal";
        /** @description Where the stage is after it was moved, to go on from. */
        Done: {
            /**
             * @description The word of the step that was played.
             * @example clock
             */
            done: string;
            /**
             * Format: int64
             * @description The generation of the world: one more for each change of it.
             */
            generation: number;
            /**
             * Format: int64
             * @description The number of the newest exchange in the journal, to be given as `since`.
             */
            mark: number;
            /**
             * Format: date-time
             * @description The time by the stage's clock, to be given as `from`.
             */
            now: string;
        };
        /** @description How a body is packed. */
        EncodingFault: "gzip" | "gzip-in-name";
        /** @description An API's entity and its members. */
        EntityWish: {
            /** @description The API's id in the portal. */
            api: components["schemas"]["ApiId"];
            /**
             * @description Members by their path, such as `metadata.title` or `spec.lifecycle`, each with its value. Values are compared as
             *     text, or as JSON where they are no text.
             */
            has: {
                [key: string]: string;
            };
        };
        /** @description Why it was refused. */
        Error: {
            /** @description For programs, such as `not-found`. */
            code: string;
            /** @description The column in that line, in characters, from 1. */
            column?: number | null;
            /** @description The line of the body that is at fault, from 1. */
            line?: number | null;
            /** @description For people. It repeats nothing of the request. */
            message: string;
        };
        /** @description Whether an error was told. */
        ErrorWish: "told" | "none";
        /** @description A request and its answer, as they are written down. What there is not is left out. */
        Exchange: {
            /**
             * Format: date-time
             * @description When the request came, by the stage's clock.
             */
            at: string;
            /** @description Who asked, by its client id. */
            caller?: string | null;
            /**
             * Format: double
             * @description How long the mock took, in milliseconds of real time.
             */
            elapsed_ms: number;
            /** @description The names of the faults that were played on it. */
            faults?: string[];
            /** @description The request's method. */
            method: string;
            /**
             * Format: int64
             * @description The how-manieth it is of its stage, from 1.
             */
            number: number;
            /** @description What came of it, in a few words. */
            outcome?: string | null;
            /** @description The request's path, without the query. */
            path: string;
            /** @description Why it was turned away. */
            refusal?: string | null;
            /** @description The operation, such as `GET /v1/apis/{id}/schema`. */
            route?: string | null;
            /** @description Which mock was asked: `portal` or `idp`. */
            server: string;
            /**
             * Format: int32
             * @description The answer's status; none where a fault left the request without an answer.
             */
            status?: number | null;
        };
        /**
         * @description What must hold now. APIs are named as the portal names them; which entity of the subject stands for which API is
         *     learnt from the subject's first sync, so that a provider with its own names passes when it behaves.
         */
        Expect: {
            /** @description The catalog as a whole. */
            catalog?: components["schemas"]["CatalogWish"] | null;
            /** @description APIs that the catalog holds, by their ids in the portal, each with its document as the portal has it now. */
            contains?: components["schemas"]["ApiId"][];
            /** @description APIs whose entities have these members. */
            entities?: components["schemas"]["EntityWish"][];
            /** @description Whether the last sync told an error. */
            error?: components["schemas"]["ErrorWish"] | null;
            /** @description APIs that the catalog does not hold. */
            lacks?: components["schemas"]["ApiId"][];
            /** @description What was asked of the mocks since the last expectation. */
            requests?: components["schemas"]["RequestWish"][];
        };
        /** @description The faces that an issuer can have. */
        FaceFile: "okta" | "okta-org" | "keycloak";
        /** @description Which portal server it is. */
        FamilyFile: "gloo-mesh-gateway" | "gloo-gateway";
        /**
         * @description Something that goes wrong: what, on which requests, how often, and for how long.
         *
         *     A request must fit `server`, `method`, `path` and `caller`. Of those that fit, `when` picks the ones that are hit.
         */
        Fault: {
            /**
             * @description The client id of whoever asks, told by its secret or its token; by default anybody but the portal itself, which
             *     asks its issuers for keys as `gateway`.
             */
            caller?: string | null;
            /** @description What goes wrong. */
            does: components["schemas"]["FaultKind"];
            /** @description The request's method; any by default. */
            method?: string | null;
            /** @description What `lift` calls it; by default what it does, such as `status`. */
            name?: string | null;
            /** @description The request's path, where `*` stands for one segment and a `**` at the end for all that follow; any by default. */
            path?: string | null;
            /** @description Which mock; both by default. */
            server?: components["schemas"]["Server"] | null;
            /**
             * @description How long the fault lasts, in real time, so that a test that died leaves none behind; by default until it is
             *     lifted.
             */
            timeToLive?: components["schemas"]["Lapse"] | null;
            /** @description Which of the requests that fit; by default all. */
            when?: components["schemas"]["When"];
        };
        /** @description What goes wrong. */
        FaultKind: {
            status: components["schemas"]["StatusFault"];
        } | {
            latency: components["schemas"]["Delay"];
        } | {
            "slow-body": components["schemas"]["SlowBody"];
        } | {
            truncate: components["schemas"]["Truncation"];
        } | {
            "content-type": string;
        } | {
            "content-encoding": components["schemas"]["EncodingFault"];
        } | "html" | "malformed-json" | "empty-body" | "null-in-list" | {
            redirect: components["schemas"]["RedirectFault"];
        } | "reset" | "refuse" | "close" | {
            tls: components["schemas"]["TlsFault"];
        } | {
            items: components["schemas"]["ItemFault"];
        } | {
            "rate-limit": components["schemas"]["Quota"];
        } | {
            pad: components["schemas"]["Padding"];
        };
        /** @description The faults in force. */
        FaultList: {
            /** @description In the order in which they came. */
            faults: components["schemas"]["ActiveFault"][];
        };
        /** @description A way to get a token (RFC 6749). */
        Grant: "client_credentials" | "authorization_code" | "refresh_token";
        /** @description One group. */
        GroupFile: {
            /** @description The group's name. */
            name: string;
        };
        /** @description Made-up products with small documents: `generated-0001` and so on, counted on from those that are there. */
        Growth: {
            /**
             * Format: uint32
             * @description How many products, 10,000 at most.
             */
            products: number;
            /**
             * Format: uint32
             * @description How many versions each: `v1` and so on. The portal may have 100,000 versions then at most.
             */
            versionsEach: number;
        };
        /** @description That the stage is up. */
        Health: {
            /**
             * @description Always `up`.
             * @example up
             */
            status: string;
        };
        /** @description Who there is. A list that is left out has the bundled scenarios' content; an empty one is empty. */
        IdentityFile: {
            /**
             * @description By default one confidential client `backstage` with the secret `backstage-dev-secret`. At least one; the first is
             *     the service account that a sync uses.
             */
            clients?: components["schemas"]["ClientFile"][] | null;
            /** @description By default the groups that the users name. Where they are listed, a user can be in no other. */
            groups?: components["schemas"]["GroupFile"][] | null;
            /** @description By default an Okta custom authorization server `default`, its org, and a Keycloak realm `gloo`. At least one. */
            issuers?: components["schemas"]["IssuerFile"][] | null;
            /** @description By default one user `developer` with the password `developer-dev-password`. */
            users?: components["schemas"]["UserFile"][] | null;
        };
        /** @description What the control API is, with a link to each thing in it. */
        Index: {
            /** @description Paths, each with the methods that it has. */
            links: components["schemas"]["Link"][];
            /**
             * @description What answers.
             * @example understudy
             */
            name: string;
            /** @description Its version. */
            version: string;
        };
        /** @description A fault that was put in force. */
        Injected: {
            /**
             * Format: int64
             * @description By this it is lifted.
             */
            id: number;
            /**
             * Format: int64
             * @description The number of the newest exchange in the journal, to be given as `since`.
             */
            mark: number;
            /**
             * Format: date-time
             * @description The time by the stage's clock, to be given as `from`.
             */
            now: string;
        };
        /** @description One issuer. */
        IssuerFile: {
            /**
             * @description How long an access token is good for, in whole seconds from one up: `1h`, `5m`, `90s`. By default an hour on Okta
             *     and five minutes on Keycloak.
             */
            accessTokenLifetime?: string | null;
            /**
             * @description The `aud` of its access tokens; by default `api://default` for an Okta custom authorization server, the issuer
             *     itself for an Okta org, and `account` for Keycloak.
             */
            audience?: string | null;
            /**
             * @description The scopes of a client that asks for none; by default all of `scopes`. A fresh Okta has none (`[]`), and then
             *     refuses a client that asks for none.
             */
            defaultScopes?: string[] | null;
            /** @description Claims that its access tokens lack though they should have them, such as `exp`; none by default. */
            dropClaims?: string[];
            /** @description Whose ways it has. */
            face: components["schemas"]["FaceFile"];
            /** @description What it is called; by default its face: `okta`, `okta-org` or `keycloak`. */
            name?: string | null;
            /** @description Whether its access tokens are opaque: no JWT, so that a portal that checks JWTs turns them away. Not by default. */
            opaqueTokens?: boolean;
            /**
             * @description Where it sits under the identity provider's base URL; by default `/oauth2/<server>`, nothing for an Okta org, and
             *     `/realms/<realm>`. It starts with `/` and does not end with one.
             */
            path?: string | null;
            /** @description The name of a Keycloak realm; `gloo` by default. The other faces have none. */
            realm?: string | null;
            /** @description The scopes beside the OpenID ones; by default `portal` on Okta and none on Keycloak. */
            scopes?: string[] | null;
            /** @description The id of an Okta custom authorization server; `default` by default. The other faces have none. */
            server?: string | null;
        };
        /** @description An issuer and where it is. */
        IssuerSummary: {
            /** @description The `iss` of its tokens. */
            issuer: string;
            jwks_uri: string;
            /** @description `okta` or `keycloak`. */
            kind: string;
            name: string;
            token_endpoint: string;
        };
        /** @description What is wrong with the items of a list. */
        ItemFault: "stale" | "duplicate" | {
            /** Format: uint32 */
            first: number;
        } | "none";
        /** @description What an issuer does to its signing keys; each takes the issuer's name. */
        KeyChange: {
            rotate: string;
        } | {
            retire: string;
        };
        /** @description A length of time: `250ms`, `90s`, `5m`, `1h`; with a minus it goes back. */
        Lapse: string;
        /** @description Faults that were lifted. */
        Lifted: {
            /** @description How many. */
            lifted: number;
        };
        /** @description A path of the control API. */
        Link: {
            /** @description The path. */
            href: string;
            /** @description The methods. */
            methods: string[];
            /** @description What it is for. */
            title: string;
        };
        /** @description A version that comes. */
        NewVersion: {
            /** @description The product that it is a version of. */
            product: components["schemas"]["ProductId"];
            /** @description The version itself. */
            version: components["schemas"]["VersionFile"];
        };
        /** @description A body that grows. */
        Padding: {
            /**
             * Format: uint64
             * @description About how many bytes it has then: a member `x-padding` takes what is missing.
             */
            bytes: number;
        };
        /** @description A part of the journal. */
        Page: {
            exchanges: components["schemas"]["Exchange"][];
            /**
             * Format: int64
             * @description To be given as `since` for what comes after these.
             */
            mark: number;
        };
        /** @description What the portal shows. */
        PortalFile: {
            /** @description Who is let in; by default every issuer's tokens. */
            auth?: components["schemas"]["AuthFile"];
            /** @description Which portal server it is; Gloo Mesh Gateway by default. */
            family?: components["schemas"]["FamilyFile"];
            /**
             * @description Whether Gloo Mesh Gateway's list holds the documents; by default a flat list does and a grouped one does not.
             *     Gloo Gateway's versions always do.
             */
            inlineSpecs?: boolean | null;
            /** @description The API products, in the portal's order; none by default. */
            products?: components["schemas"]["ProductFile"][];
            /** @description How Gloo Mesh Gateway lists APIs; grouped by default. Gloo Gateway has one way only. */
            shape?: components["schemas"]["Shape"] | null;
            /** @description The usage plans; none by default. */
            usagePlans?: components["schemas"]["UsagePlanFile"][];
            /** @description Who sees what; by default every caller that is let in sees everything. */
            visibility?: components["schemas"]["Visibility"];
        };
        /** @description A probability, from 0 (never) to 1 (always). */
        Probability: number;
        /** @description A product that changes. Versions that have taken over its words, such as their title from its name, follow it. */
        ProductEdit: {
            /** @description Another contact. */
            contactEmail?: string | null;
            /** @description Other free metadata, in place of all that is there. */
            customMetadata?: {
                [key: string]: string;
            } | null;
            /** @description Another description. */
            description?: string | null;
            /** @description Which one. */
            id: components["schemas"]["ProductId"];
            /** @description Another display name. */
            name?: string | null;
            /** @description Another id; those of its versions' ids that begin with the old one and a dash begin with the new one then. */
            newId?: components["schemas"]["ProductId"] | null;
        };
        /** @description One API product. */
        ProductFile: {
            /** @description Whether subscriptions are approved by themselves (Gloo Gateway); not by default. */
            autoApproval?: boolean;
            /** @description Whom to ask (Gloo Gateway's `contactEmail`); nobody by default. */
            contactEmail?: string | null;
            /**
             * Format: date-time
             * @description When it was created; the start of 2026 by default.
             */
            createdAt?: string | null;
            /** @description Free metadata; none by default. */
            customMetadata?: {
                [key: string]: string;
            };
            /** @description What it is; nothing by default. */
            description?: string | null;
            /** @description The id, as in its versions' ids. */
            id: components["schemas"]["ProductId"];
            /** @description The display name; the id by default. */
            name?: string | null;
            /**
             * Format: date-time
             * @description When it was last changed; when it was created by default.
             */
            updatedAt?: string | null;
            /** @description The versions, in the portal's order; none by default. */
            versions?: components["schemas"]["VersionFile"][];
        };
        /** @description The id of an API product: `petstore`. */
        ProductId: string;
        /** @description A product and its versions. */
        ProductSummary: {
            id: string;
            name: string;
            versions: components["schemas"]["VersionSummary"][];
        };
        /** @description So many requests in a unit of time. */
        Quota: {
            /** @description The unit. */
            per: components["schemas"]["RateUnit"];
            /**
             * Format: uint32
             * @description The requests that are let through in one unit.
             */
            requests: number;
        };
        /** @description A number of requests in a unit of time. */
        RateLimitFile: {
            /** @description The unit. */
            per: components["schemas"]["RateUnit"];
            /**
             * Format: uint32
             * @description The requests in one unit.
             */
            requests: number;
        };
        /** @description A unit of time, as rate limits have it. */
        RateUnit: "second" | "minute" | "hour" | "day";
        /** @description Where a redirect leads. */
        RedirectFault: {
            /**
             * Format: uint16
             * @description The status; 302 by default.
             */
            code?: number | null;
            /** @description The `Location`: an absolute URL or a path; by default the request's own path again, without end. */
            to?: string | null;
        };
        /** @description What every refusal answers. */
        Refused: {
            error: components["schemas"]["Error"];
        };
        /** @description Requests of a kind, since the last expectation. */
        RequestWish: {
            /**
             * Format: uint32
             * @description The fewest of them there may be.
             */
            atLeast?: number | null;
            /**
             * Format: uint32
             * @description The most of them there may be.
             */
            atMost?: number | null;
            /** @description Their method; any by default. */
            method?: string | null;
            /** @description How long after the last expectation the first of them may come, by the stage's clock. */
            notBefore?: components["schemas"]["Lapse"] | null;
            /** @description Their path, where `*` stands for one segment and a `**` at the end for all that follow; any by default. */
            path?: string | null;
            /** @description Whom they went to. */
            server: components["schemas"]["Server"];
        };
        /** @description What is started anew. */
        Restart: "portal" | "idp" | "subject";
        /** @description A scenario as its file says it. */
        ScenarioFile: {
            /** @description What it is for, in a sentence; nothing by default. */
            description?: string;
            /** @description Issuers, clients, users and groups; by default those of the bundled scenarios. */
            identity?: components["schemas"]["IdentityFile"];
            /** @description What messages call it; by default the file's name without its ending, or the folder's name. */
            name?: string;
            /** @description Products, versions, specs and usage plans; by default a portal that shows nothing. */
            portal?: components["schemas"]["PortalFile"];
            /**
             * @description What happens once the world is up, in order, and what must hold then; nothing by default. Before the first, the
             *     subject has synced once, undisturbed.
             */
            steps?: components["schemas"]["Step"][];
        };
        /**
         * @description A client's secret or a user's password as a scenario file names it.
         *
         *     It is never printed: `Debug` hides it and there is no `Display`. It is written in the clear in one place only, a
         *     scenario file, where it came from. The comparison by `==` is for tests and files; a server compares in constant time.
         */
        Secret: string;
        /** @description Which of the two mocks. */
        Server: "portal" | "idp";
        /** @description How Gloo Mesh Gateway lists APIs. */
        Shape: "grouped" | "flat";
        /** @description One mock's clock against the stage's. */
        Skew: {
            /** @description How far it is before the stage's: `2h`, or `-2h` behind it; `0s` sets it right. */
            by: components["schemas"]["Lapse"];
            /** @description Whose clock. */
            server: components["schemas"]["Server"];
        };
        /** @description How far each mock's clock is before the stage's, such as `5m` or `-2h`. */
        Skews: {
            idp: string;
            portal: string;
        };
        /** @description A body in small pieces. */
        SlowBody: {
            /**
             * Format: uint32
             * @description How many bytes a piece.
             */
            bytes: number;
            /** @description How long between two, in real time. */
            every: components["schemas"]["Lapse"];
        };
        /** @description The OpenAPI document itself, or the path of the file that holds it, relative to the scenario. */
        SpecFile: Record<string, never> | string;
        /** @description In which form a portal serves an OpenAPI document. */
        SpecForm: "object" | "json-text" | "yaml-text" | "missing";
        /** @description The publication status of a version (the current backend's contract). */
        Status: "published" | "draft" | "deprecated";
        /** @description Another answer than the server's own: its code, or a mapping with more. */
        StatusFault: number | components["schemas"]["StatusMembers"];
        /** @description The members of a status fault that is written as a mapping. */
        StatusMembers: {
            /** @description The body; by default the server's own words for the status, else the status's name. */
            body?: components["schemas"]["BodyText"] | null;
            /**
             * Format: uint16
             * @description The HTTP status, from 200 to 599.
             */
            code: number;
            /** @description A vendor's error by name. */
            error?: components["schemas"]["VendorError"] | null;
            /** @description Headers beside, such as `Retry-After`. */
            headers?: {
                [key: string]: string;
            };
        };
        /** @description One thing that happens, or that must hold by then. */
        Step: "sync" | {
            change: components["schemas"]["Change"];
        } | {
            fault: components["schemas"]["Fault"];
        } | {
            lift: string;
        } | {
            clock: components["schemas"]["ClockMove"];
        } | {
            keys: components["schemas"]["KeyChange"];
        } | {
            tokens: components["schemas"]["TokenChange"];
        } | {
            restart: components["schemas"]["Restart"];
        } | {
            expect: components["schemas"]["Expect"];
        };
        /** @description What is wrong with a server's certificate. */
        TlsFault: "expired" | "wrong-host" | "unknown-ca";
        /** @description What becomes of access tokens, of all issuers. */
        TokenChange: "expire" | "revoke" | {
            opaque: boolean;
        } | {
            drop: string[];
        } | {
            lifetime: components["schemas"]["Lapse"];
        };
        /** @description A body that ends early. */
        Truncation: {
            /**
             * Format: uint64
             * @description How many bytes are sent.
             */
            after: number;
        };
        /** @description One usage plan. */
        UsagePlanFile: {
            /** @description The ways to prove oneself; `apiKeyAuth` by default. */
            authTypes?: string[] | null;
            /** @description The name. */
            name: string;
            /** @description How much may be called; no limit by default. */
            rateLimit?: components["schemas"]["RateLimitFile"] | null;
        };
        /** @description One user. */
        UserFile: {
            /** @description The email address; `<username>@example.com` by default. */
            email?: string | null;
            /** @description The groups that the person is in; none by default. */
            groups?: string[];
            /** @description The full name; the username by default. */
            name?: string | null;
            /** @description The password. */
            password: components["schemas"]["Secret"];
            /** @description What the person logs in with. */
            username: string;
        };
        /** @description The error bodies of the vendors, by name. */
        VendorError: "okta-rate-limit" | "okta-internal" | "okta-invalid-client" | "keycloak-unauthorized-client" | "keycloak-internal" | "portal" | "envoy-no-upstream" | "envoy-reset";
        /** @description Whether all holds. */
        Verdict: {
            /** @description What does not, a sentence each; requests are named by their place in the list, from 1. */
            findings: string[];
            /** @description Whether it does. */
            passed: boolean;
        };
        /** @description A version that changes. */
        VersionEdit: {
            /** @description Other free metadata, in place of all that is there. */
            customMetadata?: {
                [key: string]: string;
            } | null;
            /** @description Another description. */
            description?: string | null;
            /** @description Which one, by its API id. */
            id: components["schemas"]["ApiId"];
            /** @description Other words on where it is in its life. */
            lifecycle?: string | null;
            /** @description Another API id. */
            newId?: components["schemas"]["ApiId"] | null;
            /** @description Another document. */
            spec?: components["schemas"]["SpecFile"] | null;
            /** @description What the portal says went wrong when it fetched the document, in place of the document; an empty text ends it. */
            specFetchError?: string | null;
            /** @description Another form in which the document is served. */
            specForm?: components["schemas"]["SpecForm"] | null;
            /** @description Another title. */
            title?: string | null;
            /** @description Other usage plans. */
            usagePlans?: string[] | null;
        };
        /** @description One version of a product. */
        VersionFile: {
            /** @description Whom to ask; the product's contact by default. */
            contact?: string | null;
            /**
             * Format: date-time
             * @description When it was created; when the product was by default.
             */
            createdAt?: string | null;
            /** @description Free metadata; none by default. */
            customMetadata?: {
                [key: string]: string;
            };
            /** @description What it is; the product's description by default. */
            description?: string | null;
            /** @description The API's id; `<product>-<version>` by default. */
            id?: components["schemas"]["ApiId"] | null;
            /** @description The licence's name; none by default. */
            license?: string | null;
            /** @description Free text such as `production` (Gloo Mesh Gateway); none by default. */
            lifecycle?: string | null;
            /** @description The version's name, such as `v1`. */
            name: string;
            /**
             * @description The OpenAPI document, written here or as the path of a file, relative to the scenario; by default one with
             *     nothing but a title and a version.
             */
            spec?: components["schemas"]["SpecFile"] | null;
            /**
             * @description What the portal says went wrong when it fetched the document (Gloo Mesh Gateway's `openapiSpecFetchErr`, Gloo
             *     Gateway's `apiSpecError`), in place of the document; nothing by default.
             */
            specFetchError?: string | null;
            /** @description In which form the portal serves the document; as an object by default. */
            specForm?: components["schemas"]["SpecForm"];
            /** @description The publication status (Gloo Gateway); published by default. */
            status?: components["schemas"]["Status"] | null;
            /** @description The terms of service, or where they are; none by default. */
            termsOfService?: string | null;
            /** @description The title; the product's display name by default. */
            title?: string | null;
            /**
             * Format: date-time
             * @description When it was last changed; when it was created by default.
             */
            updatedAt?: string | null;
            /** @description The names of the usage plans that it can be used under; by default all. */
            usagePlans?: string[] | null;
        };
        /** @description A version of a product. */
        VersionSummary: {
            /** @description The API id. */
            id: string;
            name: string;
            title: string;
        };
        /** @description Who sees what of the portal. */
        Visibility: "public";
        /** @description What to wait for. */
        Wait: {
            kind: components["schemas"]["RequestWish"];
            /**
             * Format: int64
             * @description Among those with a higher number than this; all that are kept, without it.
             * @default 0
             */
            since?: number;
            /** @description How long to wait, in real time, `60s` at most; `10s` without it. */
            timeout?: string | null;
        };
        /** @description Which of the requests that fit are hit. What is left out does not matter; what is there must hold together. */
        When: {
            /**
             * Format: uint64
             * @description Every so-manieth.
             */
            every?: number | null;
            /**
             * Format: uint64
             * @description Only the first so many.
             */
            first?: number | null;
            /** @description Only from so long after the fault began, by the stage's clock. */
            from?: components["schemas"]["Lapse"] | null;
            /**
             * Format: uint64
             * @description Only this one, counted from 1.
             */
            nth?: number | null;
            /** @description Each with this probability, from 0 (none) to 1 (all). */
            probability?: components["schemas"]["Probability"] | null;
            /**
             * Format: uint64
             * @description What the probability is drawn with; by default the run's seed.
             */
            seed?: number | null;
            /** @description Only until so long after the fault began, by the stage's clock. */
            until?: components["schemas"]["Lapse"] | null;
        };
        /** @description The world as it is now, without secrets and documents. */
        WorldSummary: {
            /** @description The ids of the clients. */
            clients: string[];
            /**
             * @description Which portal server answers: `gloo-mesh-gateway` or `gloo-gateway`.
             * @example gloo-mesh-gateway
             */
            family: string;
            /**
             * Format: int64
             * @description One more for each change of the world since the start.
             */
            generation: number;
            /** @description The issuers, in the scenario's order. */
            issuers: components["schemas"]["IssuerSummary"][];
            /** @description The products, in the portal's order. */
            products: components["schemas"]["ProductSummary"][];
            /** @description The scenario that the stage was started with. */
            scenario: string;
            /** @description How Gloo Mesh Gateway lists APIs: `grouped` or `flat`. */
            shape?: string | null;
            /** @description The names of the users. */
            users: string[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    index: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The paths. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Index"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    showClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The time. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockFace"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    moveClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ClockMove"];
                "application/yaml": components["schemas"]["ClockMove"];
            };
        };
        responses: {
            /** @description It is moved. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    listFaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The faults. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaultList"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    injectFault: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Fault"];
                "application/yaml": components["schemas"]["Fault"];
            };
        };
        responses: {
            /** @description It is in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Injected"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    liftFaults: {
        parameters: {
            query?: {
                /** @description Those of this name; all without it. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are lifted, if there were any. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lifted"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    liftFault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What injecting it answered. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is lifted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lifted"];
                };
            };
            /** @description There is none with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is up. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    listExchanges: {
        parameters: {
            query?: {
                /** @description Those with a higher number than this: a `mark`, or the number of the last one seen. */
                since?: number;
                /** @description Those with this mock: `portal` or `idp`. */
                server?: string;
                /** @description Those with this method. */
                method?: string;
                /** @description Those with this path, where `*` stands for one segment and a `**` at the end for all that follow. */
                path?: string;
                /** @description At most so many, the oldest first; 1,000 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The exchanges. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    clearJournal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are forgotten. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    countExchanges: {
        parameters: {
            query?: {
                /** @description Those with a higher number than this: a `mark`, or the number of the last one seen. */
                since?: number;
                /** @description Those with this mock: `portal` or `idp`. */
                server?: string;
                /** @description Those with this method. */
                method?: string;
                /** @description Those with this path, where `*` stands for one segment and a `**` at the end for all that follow. */
                path?: string;
                /** @description At most so many, the oldest first; 1,000 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Count"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    followJournal: {
        parameters: {
            query?: {
                /** @description Those with a higher number than this: a `mark`, or the number of the last one seen. */
                since?: number;
                /** @description Those with this mock: `portal` or `idp`. */
                server?: string;
                /** @description Those with this method. */
                method?: string;
                /** @description Those with this path, where `*` stands for one segment and a `**` at the end for all that follow. */
                path?: string;
                /** @description At most so many, the oldest first; 1,000 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An exchange a line; with `Accept: text/event-stream`, one a server-sent event whose id is its number, so that `Last-Event-ID` goes on after it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["Exchange"];
                    "text/event-stream": components["schemas"]["Exchange"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    awaitExchange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Wait"];
                "application/yaml": components["schemas"]["Wait"];
            };
        };
        responses: {
            /** @description The first of its kind. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchange"];
                };
            };
            /** @description None came in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    changeKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["KeyChange"];
                "application/yaml": components["schemas"]["KeyChange"];
            };
        };
        responses: {
            /** @description They are changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All is as it was at the start. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    restart: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Restart"];
                "application/yaml": components["schemas"]["Restart"];
            };
        };
        responses: {
            /** @description It is started anew. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    playStep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Step"];
                "application/yaml": components["schemas"]["Step"];
            };
        };
        responses: {
            /** @description It is played. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    changeTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TokenChange"];
                "application/yaml": components["schemas"]["TokenChange"];
            };
        };
        responses: {
            /** @description It is changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Check"];
                "application/yaml": components["schemas"]["Check"];
            };
        };
        responses: {
            /** @description The verdict, whichever it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    showWorld: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The world. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldSummary"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    replaceWorld: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ScenarioFile"];
                "application/yaml": components["schemas"]["ScenarioFile"];
            };
        };
        responses: {
            /** @description The world is the scenario's. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
    changeWorld: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Change"];
                "application/yaml": components["schemas"]["Change"];
            };
        };
        responses: {
            /** @description It is changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description It is refused; nothing has changed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
        };
    };
}
