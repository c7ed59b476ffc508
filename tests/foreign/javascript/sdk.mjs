// @jellyfin/sdk: node sdk.mjs PACKAGE URL password|quick-connect
import { ended, setTimeout } from './outcome.mjs';

const [, , sdk, url, flow] = process.argv;
const { Jellyfin } = await import(`${sdk}/lib/index.js`);
const { getUserApi } = await import(`${sdk}/lib/utils/api/user-api.js`);
const { getSessionApi } = await import(`${sdk}/lib/utils/api/session-api.js`);

const jellyfin = new Jellyfin({
    clientInfo: { name: 'Foreign, client', version: '1.0+1' },
    deviceInfo: { name: 'Küche, links 😀', id: `${sdk}-${flow}` },
});

await ended(async () => {
    const api = jellyfin.createApi(url);
    const signedIn = flow === 'password'
        ? await api.authenticateUserByName(process.env.FOREIGN_USER, process.env.FOREIGN_PASSWORD)
        : await quickConnect(api);
    // 0.13.0 has no setter of its own.
    if (api.update) api.update({ accessToken: signedIn.data.AccessToken });
    else api.accessToken = signedIn.data.AccessToken;
    const me = await getUserApi(api).getCurrentUser();
    await getSessionApi(api).reportSessionEnded();
    const after = await getUserApi(api).getCurrentUser().catch((error) => error.response);
    if (after.status !== 401) throw new Error(`the token outlived its session: ${after.status}`);
    return me.data.Id;
});

async function quickConnect(api) {
    // 1.0.0 keeps it with the rest of authentication.
    const [start, exchange] = await import(`${sdk}/lib/utils/api/quick-connect-api.js`)
        .then((own) => [own.getQuickConnectApi(api), getUserApi(api)])
        .catch(async () => {
            const { getAuthenticationApi } = await import(`${sdk}/lib/utils/api/authentication-api.js`);
            return [getAuthenticationApi(api), getAuthenticationApi(api)];
        });
    const enabled = await start.getQuickConnectEnabled();
    if (enabled.data !== true) throw new Error('Quick Connect is off');
    const pending = await start.initiateQuickConnect();
    console.log(`code ${pending.data.Code}`);
    const secret = pending.data.Secret;
    while (!(await start.getQuickConnectState({ secret })).data.Authenticated) {
        await setTimeout(200);
    }
    return exchange.authenticateWithQuickConnect({ quickConnectDto: { Secret: secret } });
}
