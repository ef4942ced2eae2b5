"""The words every instance recognises its shipped categories by, in the four languages, and the questions that belong
to some of them. Both are data and can be changed under Administration, Categories."""

from django.db import migrations

WORDS = {
    "access/account": "new colleague|no account|account for|ny kollega|ingen konto|新同事|没有账号|没有帐号|沒有帳號",
    "access/password": "password|passcode|locked out|account locked|cannot sign in|can't log in|adgangskode|kodeord|"
    "konto er låst|密码|密碼|登录不了|无法登录|無法登入|账号被锁|帳號鎖定",
    "access/permission": "access denied|no access|permission|rights|adgang nægtet|ingen adgang|rettighed|权限|權限|"
    "拒绝访问|拒絕存取|无法访问|無法存取",
    "email/mailbox": "mailbox|mail quota|outlook|shared mailbox|postkasse|邮箱|信箱|郵箱",
    "email/calendar": "calendar|meeting invitation|room booking|kalender|mødeindkaldelse|日历|日曆|行事曆|会议邀请|會議邀請",
    "email/delivery": "mail does not arrive|mails do not arrive|mail comes back|bounced|undelivered|mail kommer ikke|"
    "mails kommer ikke|收不到邮件|收不到郵件|邮件被退|郵件被退",
    "hardware/laptop": "laptop|notebook|docking|battery|bærbar|batteri|dockingstation|笔记本|筆電|筆記型電腦|电池|電池|扩展坞",
    "hardware/desktop": "desktop computer|workstation|stationær|台式机|桌上型電腦",
    "hardware/monitor": "monitor|screen|display|projector|skærm|projektor|显示器|顯示器|螢幕|屏幕|投影仪|投影機",
    "hardware/printer": "print|toner|label|paper jam|scanner says|udskriv|papirstop|etiket|打印|列印|标签|標籤|碳粉|卡纸|卡紙",
    "hardware/phone": "hand scanner|smartphone|mobile phone|headset|håndscanner|mobiltelefon|手持终端|手机|手機|耳机|耳機",
    "hardware/server": "server is down|server room|serveren|服务器|伺服器",
    "network/internet": "internet|websites|no network|offline|internettet|hjemmesider|intet netværk|上不了网|没有网络|"
    "沒有網路|网页打不开",
    "network/switch": "network socket|switch port|netværksstik|交换机|交換器|网口|網路孔",
    "network/vpn": "vpn|remote access|tunnel|fjernadgang|远程接入|遠端連線",
    "network/wifi": "wi-fi|wifi|wireless|wlan|trådløst|无线|無線",
    "network/firewall": "firewall|blocked site|port blocked|防火墙|防火牆",
    "software/office": "spreadsheet|word processor|presentation|macro|regneark|tekstprogram|makro|表格|文档|文件檔|宏",
    "software/erp": "erp|invoice|purchase order|stock list|faktura|lagerliste|ordrebekræftelse|发票|發票|库存|庫存|单据",
    "software/browser": "browser|certificate|web page|browseren|certifikat|浏览器|瀏覽器|证书|憑證",
    "software/operating-system": "update failed|blue screen|restarts by itself|opdatering fejlede|genstarter|蓝屏|藍屏|"
    "更新失败|更新失敗",
    "software/licence": "licence|license|activation|licens|aktivering|许可证|授權|激活|啟用",
    "telephony/line": "desk phone|no dial tone|extension|echo on the line|bordtelefon|intet signal|座机|市話|分机|分機",
    "telephony/meeting": "video meeting|meeting room|conference|videomøde|mødelokale|视频会议|視訊會議|会议室|會議室",
    "data/restore": "deleted|overwritten|restore|slettet|overskrevet|gendan|误删|誤刪|覆盖|覆蓋|恢复|還原",
    "data/file-share": "folder|file share|network drive|mappe|fællesdrev|文件夹|資料夾|共享盘|共用資料夾",
    "data/database": "database|query times out|databasen|数据库|資料庫",
    "security/malware": "virus|malware|ransom|popup|skadelig|病毒|勒索|中毒",
    "security/phishing": "phishing|suspicious|asks for my password|mistænkelig|可疑|钓鱼|釣魚",
    "security/lost-device": "stolen|left in a taxi|lost my|lost device|stjålet|mistet|glemt i|被偷|丢了|遺失|弄丢",
}
#: Category → (kind, required, language → (question, choices)).
QUESTIONS = {
    "network/vpn": [
        (
            "choice",
            False,
            {
                "en": ("Where are you working from?", ["Home", "Office", "On the road"]),
                "da": ("Hvor arbejder du fra?", ["Hjemme", "Kontoret", "På farten"]),
                "zh-hans": ("您在哪里办公？", ["家里", "办公室", "出差途中"]),
                "zh-hant": ("您在哪裡工作？", ["家裡", "辦公室", "出差途中"]),
            },
        ),
        (
            "yes_no",
            False,
            {
                "en": ("Does the internet work without the VPN?", []),
                "da": ("Virker internettet uden VPN?", []),
                "zh-hans": ("不用 VPN 时能上网吗？", []),
                "zh-hant": ("不用 VPN 時能上網嗎？", []),
            },
        ),
    ],
    "hardware/printer": [
        (
            "text",
            False,
            {
                "en": ("Which printer is it? The number is on its front.", []),
                "da": ("Hvilken printer er det? Nummeret står foran.", []),
                "zh-hans": ("是哪台打印机？编号在正面。", []),
                "zh-hant": ("是哪一台印表機？編號在正面。", []),
            },
        ),
    ],
    "security/lost-device": [
        (
            "text",
            False,
            {
                "en": ("Which device is it, and when did you last have it?", []),
                "da": ("Hvilken enhed er det, og hvornår havde du den sidst?", []),
                "zh-hans": ("是什么设备？最后一次使用是什么时候？", []),
                "zh-hant": ("是什麼裝置？最後一次使用是什麼時候？", []),
            },
        ),
    ],
}


def ship(apps, schema_editor):
    category = apps.get_model("incidents", "Category")
    topic = apps.get_model("intake", "Topic")
    question = apps.get_model("intake", "Question")
    shipped = {row.path: row.pk for row in category.objects.filter(organisation=None)}
    topic.objects.bulk_create(
        [
            topic(category_id=shipped[path], words=words.split("|"))
            for path, words in WORDS.items()
            if path in shipped and not topic.objects.filter(category_id=shipped[path]).exists()
        ]
    )
    for path, asked in QUESTIONS.items():
        if path not in shipped or question.objects.filter(topic_id=shipped[path]).exists():
            continue  # somebody has decided already
        question.objects.bulk_create(
            [
                question(
                    topic_id=shipped[path],
                    position=place,
                    kind=kind,
                    required=required,
                    language="en",
                    texts={code: {"question": words, "choices": choices} for code, (words, choices) in texts.items()},
                )
                for place, (kind, required, texts) in enumerate(asked, start=1)
            ]
        )


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("incidents", "0002_shipped_categories")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
