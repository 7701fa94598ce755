// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/theme.h"

#include "widgets/style/tokens.h"

#include <QFile>
#include <QFontInfo>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>

namespace weir::style {
namespace {

QJsonValue valueAt(QJsonObject object, const QStringList& path)
{
    for (qsizetype i = 0; i + 1 < path.size(); ++i)
        object = object.value(path[i]).toObject();
    return object.value(path.last());
}

QString fontPixels(const QString& name)
{
    const Fonts& f = Theme::fonts();
    const QHash<QString, const QFont*> fonts = {{"caption", &f.caption}, {"data", &f.data}, {"heading", &f.heading},
        {"title", &f.title}, {"counter", &f.counter}};
    return fonts.contains(name) ? QString::number(fonts[name]->pixelSize()) : QString();
}

/// Style sheets take images from files only; this one folder holds their tinted copies while the program runs.
QString tintedFile(const QString& icon, const QString& color)
{
    static const QTemporaryDir folder;
    const QString path = folder.filePath(icon + '-' + color.mid(1) + ".svg");
    if (QFile::exists(path))
        return path;
    QFile source(":/weir/icons/" + icon + ".svg");
    QFile target(path);
    if (source.open(QIODevice::ReadOnly) && target.open(QIODevice::WriteOnly))
        target.write(source.readAll().replace("currentColor", color.toLatin1()));
    return path;
}

QString substitute(const QString& word, const QJsonObject& theme, const QJsonObject& root)
{
    if (word.startsWith("icon:")) {
        const QStringList parts = word.split(':');
        return tintedFile(parts[1], valueAt(theme, parts[2].split('.')).toString());
    }
    if (word.startsWith("px."))
        return fontPixels(word.mid(3));
    if (word == "family.data")
        return Theme::fonts().data.family();
    const QStringList path = word.split('.');
    QJsonValue value = valueAt(theme, path);
    if (value.isUndefined())
        value = valueAt(root, path);
    return value.isDouble() ? QString::number(value.toInt()) : value.toString();
}

} // namespace

QString Theme::styleSheet() const
{
    const QJsonObject root = tokens::document();
    const QJsonObject theme = root.value("themes").toObject().value(mode == Mode::Dark ? "dark" : "light").toObject();
    QFile file(":/weir/themes/weir.qss");
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the style sheet is not part of this executable");
    const QString text = QString::fromUtf8(file.readAll());
    static const QRegularExpression token("@([\\w.:-]+)@");
    QString result;
    qsizetype done = 0;
    for (auto matches = token.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        const QString value = substitute(match.captured(1), theme, root);
        if (value.isEmpty())
            qFatal("the style sheet names an unknown token: %s", qUtf8Printable(match.captured(1)));
        result += text.mid(done, match.capturedStart() - done);
        result += value;
        done = match.capturedEnd();
    }
    return result + text.mid(done);
}

} // namespace weir::style
