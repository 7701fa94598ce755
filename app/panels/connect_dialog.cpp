// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/connect_dialog.h"

#include "app/panels/connect_steps.h"
#include "app/panels/connection_mark.h"
#include "widgets/style/icons.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QButtonGroup>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace weir {

namespace {

QIcon chip(const QColor& colour)
{
    const int side = style::Theme::sizes().icon.normal;
    QPixmap pixmap(side, side);
    pixmap.fill(colour);
    return QIcon(pixmap);
}

QFrame* box(style::Role role)
{
    auto* frame = new QFrame;
    style::setRole(frame, role);
    return frame;
}

/// The window behind a dialog is covered flat.
class Scrim final : public QWidget
{
public:
    explicit Scrim(QWidget* window) : QWidget(window) { setGeometry(window->rect()); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setOpacity(style::Theme::sizes().alpha.scrim);
        painter.fillRect(rect(), style::Theme::current().color.bg.well);
    }
};

QString addressProblem(const QString& address)
{
    if (address.contains(QStringLiteral("://")))
        return QObject::tr("'%1' has a protocol in front. Write only host:port.").arg(address);
    const qsizetype colon = address.lastIndexOf(QLatin1Char(':'));
    if (colon <= 0 || address.endsWith(QLatin1Char(']')))
        return QObject::tr("'%1' has no port. Write it as host:port, such as localhost:9092.").arg(address);
    bool number = false;
    const int port = address.mid(colon + 1).toInt(&number);
    if (!number || port < 1 || port > 65535)
        return QObject::tr("'%1' has no port between 1 and 65535 behind its last colon.").arg(address);
    const QString host = address.left(colon);
    const bool bracketed = host.startsWith(QLatin1Char('[')) && host.endsWith(QLatin1Char(']'));
    if (host.contains(QLatin1Char(':')) && !bracketed)
        return QObject::tr("'%1': write an IPv6 address in brackets, such as [::1]:9092.").arg(address);
    for (const QChar c : host) {
        if (c.isSpace() || c == QLatin1Char('/') || c == QLatin1Char('@'))
            return QObject::tr("'%1' is no host name: '%2' cannot stand in one.").arg(host).arg(c);
    }
    return {};
}

/// The last one is none, or what somebody wrote into the document by hand.
const QString environments[] = {
    QStringLiteral("production"), QStringLiteral("staging"), QStringLiteral("development"), {}};

int environmentOf(const QString& name)
{
    const auto known = std::find(std::begin(environments), std::end(environments) - 1, name);
    return static_cast<int>(known - std::begin(environments));
}

} // namespace

QString serversProblem(const QString& servers)
{
    const QStringList addresses = servers.split(QLatin1Char(','));
    for (const QString& address : addresses) {
        const QString trimmed = address.trimmed();
        if (trimmed.isEmpty())
            return addresses.size() == 1
                ? QObject::tr("Give the address of one broker, such as localhost:9092.")
                : QObject::tr("There is nothing between two commas. Write addresses as host:port, host:port.");
        if (const QString problem = addressProblem(trimmed); !problem.isEmpty())
            return problem;
    }
    return {};
}

ConnectDialog::ConnectDialog(Background& background, Given given, QWidget* parent)
    : QDialog(parent), m_background(background), m_given(std::move(given))
{
    const bool isNew = m_given.document.id.isEmpty();
    setWindowTitle(isNew ? tr("New connection") : tr("Edit connection"));
    style::setRole(this, style::Role::Dialog);
    resize(1080, 600);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(createHead());
    auto* columns = new QHBoxLayout;
    columns->setContentsMargins(16, 14, 16, 14);
    columns->setSpacing(24);
    columns->addWidget(createForm(), 1);
    m_steps = new ConnectSteps;
    columns->addWidget(m_steps, 1);
    layout->addLayout(columns, 1);
    layout->addWidget(createFoot());
    m_connect->setDefault(true); // once it is part of the dialog
    fill();
    for (QLineEdit* field : {m_servers, m_name, m_groups})
        connect(field, &QLineEdit::textEdited, this, &ConnectDialog::edited);
    for (QButtonGroup* group : {m_colours, m_environments})
        connect(group, &QButtonGroup::idClicked, this,
            [this] { m_mark->show(document(), ConnectionMark::Lock::ReadOnly); });
    connect(m_servers, &QLineEdit::textEdited, this, [this] {
        m_stop.request_stop();
        m_testing = false;
        m_connect->setText(tr("Test and connect"));
        ++m_tests;
        m_steps->showUntried(tr("not tried"));
    });
    m_servers->setFocus();
    m_servers->selectAll();
}

ConnectDialog::~ConnectDialog()
{
    m_stop.request_stop();
    delete m_scrim;
}

void ConnectDialog::showEvent(QShowEvent* event)
{
    QDialog::showEvent(event);
    if (m_scrim || !parentWidget())
        return;
    m_scrim = new Scrim(parentWidget()->window());
    m_scrim->show();
}

QWidget* ConnectDialog::createHead()
{
    QFrame* head = box(style::Role::PanelHead);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(16, 8, 8, 8);
    layout->addWidget(style::label(windowTitle(), style::Role::Heading));
    layout->addStretch(1);
    QToolButton* close = style::iconButton(style::icon(style::Icon::Close), tr("Close"));
    connect(close, &QToolButton::clicked, this, &QDialog::reject);
    layout->addWidget(close);
    return head;
}

QWidget* ConnectDialog::createForm()
{
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* form = new QFormLayout;
    form->setVerticalSpacing(10);
    form->setHorizontalSpacing(16);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addFields(form);
    layout->addLayout(form);
    layout->addStretch(1);
    QFrame* lock = box(style::Role::OkBox);
    auto* words = new QVBoxLayout(lock);
    words->setSpacing(2);
    words->addWidget(style::label(tr("Read-only until you unlock writing"), style::Role::Ok));
    QLabel* promise = style::label(
        tr("Weir joins no group, commits no offset, creates no topic and writes no record. Unlock later, in the "
           "connection's menu."),
        style::Role::Caption);
    promise->setWordWrap(true);
    words->addWidget(promise);
    layout->addWidget(lock);
    return column;
}

void ConnectDialog::addFields(QFormLayout* form)
{
    m_servers = new QLineEdit;
    style::setRole(m_servers, style::Role::Data);
    m_servers->setPlaceholderText(QStringLiteral("localhost:9092"));
    form->addRow(tr("Bootstrap servers"), m_servers);
    form->addRow({}, style::label(tr("One address is enough. Kafka without TLS or login."), style::Role::Caption));
    m_problem = style::label({}, style::Role::Error);
    m_problem->setWordWrap(true);
    m_problem->hide();
    form->addRow({}, m_problem);
    m_name = new QLineEdit;
    m_name->setPlaceholderText(tr("as it stands in the tree"));
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("Colour"), createColours());
    form->addRow(tr("Environment"), createEnvironments());
    m_groups = new QLineEdit;
    m_groups->setPlaceholderText(tr("billing, fulfilment"));
    form->addRow(tr("Groups"), m_groups);
    QLabel* note = style::label(
        tr("Only needed where the cluster lists no groups, or none that you may see."), style::Role::Caption);
    note->setWordWrap(true);
    form->addRow({}, note);
}

QWidget* ConnectDialog::createColours()
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_colours = new QButtonGroup(this);
    QStringList used;
    for (int i = 0; i < static_cast<int>(style::Theme::series().size()); ++i) {
        const style::SeriesLook& look = style::Theme::seriesLook(i);
        QToolButton* button = style::iconButton(chip(look.color), look.name);
        button->setCheckable(true);
        m_colours->addButton(button, i);
        layout->addWidget(button);
        const bool taken = std::any_of(m_given.others.begin(), m_given.others.end(),
            [i](const ConnectionDocument& other) { return other.colour == i; });
        if (taken)
            used.append(look.name);
    }
    if (!used.isEmpty())
        layout->addWidget(style::label(tr("%1 in use").arg(used.join(QStringLiteral(", "))), style::Role::Caption));
    layout->addStretch(1);
    return row;
}

QWidget* ConnectDialog::createEnvironments()
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_environments = new QButtonGroup(this);
    const QString names[] = {tr("Production"), tr("Staging"), tr("Development"), tr("none")};
    for (int i = 0; i < 4; ++i) {
        auto* button = new QPushButton(names[i]);
        style::setRole(button, style::Role::Segment);
        button->setCheckable(true);
        button->setAutoDefault(false);
        m_environments->addButton(button, i);
        layout->addWidget(button);
    }
    layout->addStretch(1);
    return row;
}

QWidget* ConnectDialog::createFoot()
{
    QFrame* row = box(style::Role::PanelHead);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->addWidget(style::label(tr("Will stand as"), style::Role::Secondary));
    m_mark = new ConnectionMark;
    layout->addWidget(m_mark);
    layout->addStretch(1);
    auto* cancel = new QPushButton(tr("Cancel"));
    auto* later = new QPushButton(m_given.document.id.isEmpty() ? tr("Save, connect later") : tr("Save"));
    m_connect = new QPushButton(tr("Test and connect"));
    style::setRole(m_connect, style::Role::Primary);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(later, &QPushButton::clicked, this, &ConnectDialog::accept);
    connect(m_connect, &QPushButton::clicked, this, &ConnectDialog::test);
    for (QPushButton* button : {cancel, later, m_connect})
        layout->addWidget(button);
    return row;
}

void ConnectDialog::fill()
{
    const ConnectionDocument& document = m_given.document;
    m_servers->setText(document.bootstrapServers);
    m_name->setText(document.name);
    m_groups->setText(document.namedGroups.join(QStringLiteral(", ")));
    int colour = document.colour;
    const auto taken = [this](int i) {
        return std::any_of(m_given.others.begin(), m_given.others.end(),
            [i](const ConnectionDocument& other) { return other.colour == i; });
    };
    const int colours = static_cast<int>(style::Theme::series().size());
    while (document.id.isEmpty() && taken(colour) && colour + 1 < colours)
        ++colour;
    m_colours->button(std::clamp(colour, 0, colours - 1))->setChecked(true);
    m_environments->button(environmentOf(document.environment))->setChecked(true);
    m_mark->show(this->document(), ConnectionMark::Lock::ReadOnly);
}

ConnectionDocument ConnectDialog::document() const
{
    ConnectionDocument document = m_given.document;
    document.bootstrapServers = m_servers->text().trimmed();
    document.name = m_name->text().trimmed().isEmpty() ? document.bootstrapServers : m_name->text().trimmed();
    document.colour = m_colours->checkedId();
    if (m_environments->checkedId() != environmentOf(document.environment))
        document.environment = environments[m_environments->checkedId()];
    if (document.id.isEmpty())
        document.connectAtStart = m_connectNow;
    document.namedGroups.clear();
    for (const QString& group : m_groups->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (!group.trimmed().isEmpty())
            document.namedGroups.append(group.trimmed());
    }
    return document;
}

void ConnectDialog::edited()
{
    m_mark->show(document(), ConnectionMark::Lock::ReadOnly);
    if (!m_problem->isHidden())
        checkFields();
}

QString ConnectDialog::problem() const
{
    if (const QString problem = serversProblem(m_servers->text()); !problem.isEmpty())
        return problem;
    const QString name = document().name;
    const bool taken = std::any_of(m_given.others.begin(), m_given.others.end(),
        [&](const ConnectionDocument& other) { return other.name == name; });
    return taken ? tr("Another connection is called '%1'. Give this one a name of its own.").arg(name) : QString();
}

bool ConnectDialog::checkFields()
{
    const QString found = problem();
    m_problem->setText(found);
    m_problem->setVisible(!found.isEmpty());
    return found.isEmpty();
}

void ConnectDialog::accept()
{
    if (checkFields())
        QDialog::accept();
}

void ConnectDialog::test()
{
    if (m_testing || !checkFields())
        return;
    m_testing = true;
    m_connect->setText(tr("Testing …"));
    m_stop = std::stop_source();
    const std::uint64_t number = ++m_tests;
    kafka::KafkaSettings settings;
    settings.bootstrapServers = m_servers->text().trimmed().toStdString();
    for (const auto& [name, value] : m_given.document.properties)
        settings.properties[name.toStdString()] = value.toStdString();
    const auto post = m_background.poster(this);
    const auto progress = [this, post, number](const kafka::TestReport& report) {
        post([this, report, number] {
            if (number == m_tests)
                m_steps->show(report);
        });
    };
    const auto work = [settings, progress, stop = m_stop.get_token()] {
        return kafka::testConnection(settings, progress, stop);
    };
    m_background.run(this, work, [this, number](const kafka::TestReport& report) {
        if (number == m_tests)
            tested(report);
    });
}

void ConnectDialog::tested(const kafka::TestReport& report)
{
    m_testing = false;
    m_connect->setText(tr("Test again and connect"));
    m_steps->show(report);
    if (!report.passed)
        return;
    m_connectNow = true;
    accept();
}

} // namespace weir
