// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/row_source.h"
#include "connectors/record/clock.h"
#include "connectors/record/source.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLineEdit;

namespace weir {

/// Lines of a form that say which records of which topics; panels add lines of their own between them. GUI thread.
class ReadForm : public QWidget
{
    Q_OBJECT
public:
    /// Key in code, text on screen.
    using Entries = std::initializer_list<std::pair<const char*, QString>>;
    /// What a form begins with.
    struct Asked
    {
        QString connection;
        QString topic; ///< may be empty
        std::shared_ptr<const RowStore> view = nullptr; ///< rows of a view of the topic; null: there is none
        bool takesView = true; ///< false: the view is offered, and something else chosen
        ChosenRows chosen = {}; ///< rows of the view that are selected, or shown where not all are; none: no rows
    };

    explicit ReadForm(QWidget* parent = nullptr);

    QLineEdit* addField(const QString& name, const QString& hint);
    /// On the line of `field`, behind it.
    void addBehind(QLineEdit* field, const QList<QWidget*>& widgets);
    QComboBox* addChoice(const QString& name, const Entries& entries);

    /// `name` where it is not several topics that are asked for.
    QLineEdit* addTopics(const QString& name = {});
    QLineEdit* addWhere();
    enum class Begin : std::uint8_t { Now, Beginning };
    /// From and until; `begin` stands first.
    void addRange(Begin begin);

    /// Offers what a view of the topic holds, unless that is not on disk. After addRange().
    void offerView(const Asked& asked);
    /// Offers the chosen rows of a view, and takes them. After offerView().
    void offerRows(const Asked& asked);
    /// The rows, if they are what is chosen.
    std::optional<ChosenRows> rows() const;
    /// Folder of the view's record log, if that is chosen; it stays as long as this form does.
    std::string view() const;

    void setTopics(const QString& topics);
    QString topics() const;
    std::string where() const; ///< SQL; empty: all
    std::string from() const; ///< as a word: "end", "beginning", or minutes
    std::string until() const; ///< "never", "end"
    /// An Error when no topic is named.
    Result<std::vector<ReadRequest>> requests(EpochMs now) const;

private:
    QGridLayout* m_layout = nullptr;
    QLineEdit* m_topics = nullptr;
    QLineEdit* m_where = nullptr;
    QComboBox* m_from = nullptr;
    QComboBox* m_until = nullptr;
    std::shared_ptr<const RowStore> m_view;
    ChosenRows m_rows;
};

/// A name that no file had before: the topic, or `otherwise`, and the time.
QString freshName(const QString& topic, const QString& otherwise);

} // namespace weir
