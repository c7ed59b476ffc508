// jellyfin-apiclient: node apiclient.mjs PACKAGE URL password|quick-connect
import { createRequire } from 'node:module';
import { ended, setTimeout } from './outcome.mjs';

const [, , name, url, flow] = process.argv;
// It is made for browsers.
const kept = new Map();
globalThis.localStorage = globalThis.sessionStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
};
globalThis.self = globalThis.window = globalThis;
globalThis.document = { addEventListener() {}, removeEventListener() {} };
globalThis.addEventListener = globalThis.removeEventListener = () => {};
const say = console.log;
console.log = console.debug = console.info = () => {};

const { ApiClient } = createRequire(import.meta.url)(name);
const client = new ApiClient(url, 'Foreign, client', '1.0', 'Living room, left', `${name}-${flow}`);
client.onAuthenticated = (api, result) => {
    api.setAuthenticationInfo(result.AccessToken, result.User.Id);
    return Promise.resolve();
};

await ended(async () => {
    if (flow === 'password') {
        await client.authenticateUserByName(process.env.FOREIGN_USER, process.env.FOREIGN_PASSWORD);
    } else {
        if (await client.getQuickConnect('Enabled') !== true) throw new Error('Quick Connect is off');
        const pending = await client.getQuickConnect('Initiate');
        say(`code ${pending.Code}`);
        const connect = `Connect?secret=${pending.Secret}`;
        while (!(await client.getQuickConnect(connect)).Authenticated) await setTimeout(200);
        await client.quickConnect(pending.Secret);
    }
    const me = await client.getUser(client.getCurrentUserId());
    await client.logout();
    return me.Id;
}, say);
