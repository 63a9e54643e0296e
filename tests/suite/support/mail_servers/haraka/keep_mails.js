// Takes every mail, and writes each into a file of its own: the recipient, a line end, the text.
'use strict'

const fs = require('node:fs')
const path = require('node:path')

exports.hook_mail = (next) => next(OK)
exports.hook_rcpt = (next) => next(OK)

exports.hook_queue = (next, connection) => {
    const { uuid, rcpt_to, message_stream } = connection.transaction
    message_stream.get_data((text) => {
        const recipients = rcpt_to.map((to) => `${to.user}@${to.host}`)
        const file = path.join(process.env.MAIL_FOLDER, uuid)
        fs.writeFileSync(file, Buffer.concat([Buffer.from(`${recipients}\n`), text]))
        next(OK)
    })
}
