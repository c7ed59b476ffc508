// How a client's run is reported to the program that started it.
export { setTimeout } from 'node:timers/promises';

export async function ended(run, say = console.log) {
    try {
        say(`signed in ${await run()}`);
    } catch (error) {
        const status = error?.response?.status ?? error?.status;
        say(`failed ${status ?? error?.message ?? error}`);
    }
    process.exit(0);
}
