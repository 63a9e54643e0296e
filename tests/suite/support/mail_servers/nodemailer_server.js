// Nodemailer's smtp-server with four clients at once. Takes every mail, and writes each into a
// file of its own: the recipient, a line end, the text. Prints its port when it listens.
'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { SMTPServer } = require('smtp-server')

let mails = 0
const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxClients: 4,
    onData(stream, session, taken) {
        const parts = [Buffer.from(`${session.envelope.rcptTo.map((to) => to.address)}\n`)]
        stream.on('data', (part) => parts.push(part))
        stream.on('end', () => {
            const file = path.join(process.env.MAIL_FOLDER, String(mails++))
            fs.writeFileSync(file, Buffer.concat(parts))
            taken()
        })
    },
})
server.on('error', (error) => console.error(error.message))
server.listen(0, '127.0.0.1', () => console.log(`port ${server.server.address().port}`))
