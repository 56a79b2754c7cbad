<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
<context>
    <name>Actions</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Search conversations</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Find in this conversation</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>下一处结果</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>上一处结果</translation>
    </message>
    <message>
        <source>Next conversation</source>
        <translation>下一个对话</translation>
    </message>
    <message>
        <source>Previous conversation</source>
        <translation>上一个对话</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Export this conversation…</source>
        <translation>导出此对话…</translation>
    </message>
    <message>
        <source>Export all conversations…</source>
        <translation>导出全部对话…</translation>
    </message>
    <message>
        <source>Import conversations…</source>
        <translation>导入对话…</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Go to the question about a tool</source>
        <translation>转到有关工具的询问</translation>
    </message>
    <message>
        <source>Copy the last answer</source>
        <translation>复制最后一个回答</translation>
    </message>
    <message>
        <source>Wire of the last answer</source>
        <translation>上一条回复的线路记录</translation>
    </message>
    <message>
        <source>Context of the next request</source>
        <translation>下一次请求的上下文</translation>
    </message>
    <message>
        <source>Choose the model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Parameters of this conversation</source>
        <translation>此对话的参数</translation>
    </message>
    <message>
        <source>Insert from an MCP server…</source>
        <translation>从 MCP 服务器插入…</translation>
    </message>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Show or hide the thinking</source>
        <translation>显示或隐藏思考过程</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Normal text size</source>
        <translation>恢复默认字号</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>命令面板…</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>About Interleave</source>
        <translation>关于 Interleave</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>Approval</name>
    <message>
        <source>Built-in tools</source>
        <translation>内置工具</translation>
    </message>
    <message>
        <source>Server {name}</source>
        <translation>服务器 {name}</translation>
    </message>
    <message>
        <source>It reads what you granted; it changes nothing and tells nobody.</source>
        <translation>它只读取您授权的内容，不作任何更改，也不向外透露。</translation>
    </message>
    <message>
        <source>It tells something to other computers.</source>
        <translation>它会向其他计算机发送信息。</translation>
    </message>
    <message>
        <source>It changes files, or other things that last.</source>
        <translation>它会更改文件或其他长期保存的内容。</translation>
    </message>
    <message>
        <source>It runs code on this computer.</source>
        <translation>它会在这台计算机上运行代码。</translation>
    </message>
    <message>
        <source>What it does is not known here: what a server says of its tools is no proof.</source>
        <translation>无法得知它会做什么：服务器对其工具的说明不足为凭。</translation>
    </message>
    <message>
        <source>This tool is not what it was when you allowed it. Read what it says of itself now.</source>
        <translation>此工具与您当初允许时已不相同。请阅读它现在的自述。</translation>
    </message>
    <message>
        <source>What the tool says of itself now</source>
        <translation>工具现在的自述</translation>
    </message>
    <message>
        <source>(nothing)</source>
        <translation>（无）</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>将作的更改</translation>
    </message>
</context>
<context>
    <name>ApprovalCard</name>
    <message>
        <source>Allow {tool}?</source>
        <translation>允许调用 {tool} 吗？</translation>
    </message>
    <message>
        <source>Question {number} of {count}</source>
        <translation>第 {number} 个询问，共 {count} 个</translation>
    </message>
    <message>
        <source>{question} {source}. {risk}</source>
        <translation>{question}{source}。{risk}</translation>
    </message>
    <message>
        <source>Allow once</source>
        <translation>允许一次</translation>
    </message>
    <message>
        <source>Allow for this conversation</source>
        <translation>在此对话中允许</translation>
    </message>
    <message>
        <source>Deny</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Deny with a reason…</source>
        <translation>拒绝并说明原因…</translation>
    </message>
    <message>
        <source>Deny and tell</source>
        <translation>拒绝并告知</translation>
    </message>
    <message>
        <source>Why not? The model is told.</source>
        <translation>为什么不行？会告诉模型。</translation>
    </message>
    <message>
        <source>Reason for the denial</source>
        <translation>拒绝的原因</translation>
    </message>
    <message>
        <source>What the tool is to be given</source>
        <translation>将交给工具的内容</translation>
    </message>
    <message>
        <source>Previous question</source>
        <translation>上一个询问</translation>
    </message>
    <message>
        <source>Next question</source>
        <translation>下一个询问</translation>
    </message>
</context>
<context>
    <name>ApprovalDialog</name>
    <message>
        <source>Start this program?</source>
        <translation>启动这个程序？</translation>
    </message>
    <message>
        <source>Connect to this server?</source>
        <translation>连接这个服务器？</translation>
    </message>
    <message>
        <source>It runs with all your rights: it can read and change your files and use the network. Agree only if you know where it comes from.</source>
        <translation>它会以你的全部权限运行：可以读取和修改你的文件，也可以使用网络。只有在清楚它的来历时才同意。</translation>
    </message>
    <message>
        <source>What the model puts into calls goes to this address, with the headers of the entry.</source>
        <translation>模型在调用中写入的内容会连同该条目的请求头一起发送到这个地址。</translation>
    </message>
    <message>
        <source>Command line, one argument a line</source>
        <translation>命令行，每行一个参数</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Agree and start</source>
        <translation>同意并启动</translation>
    </message>
    <message>
        <source>Agree and connect</source>
        <translation>同意并连接</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Folder: {folder}</source>
        <translation>文件夹：{folder}</translation>
    </message>
    <message>
        <source>Variables: {names}</source>
        <translation>变量：{names}</translation>
    </message>
    <message>
        <source>Headers: {names}</source>
        <translation>请求头：{names}</translation>
    </message>
</context>
<context>
    <name>Arriving</name>
    <message>
        <source>This place is on another branch, which can be shown after the answer.</source>
        <translation>此处位于另一个分支，待当前回答结束后即可显示。</translation>
    </message>
    <message>
        <source>Conversation taken out of the trash</source>
        <translation>对话已从回收站恢复</translation>
    </message>
</context>
<context>
    <name>Backups</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Made by you</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>Before an update</source>
        <translation>更新之前</translation>
    </message>
    <message>
        <source>Before a backup was restored</source>
        <translation>恢复备份之前</translation>
    </message>
    <message>
        <source>Before an import</source>
        <translation>导入之前</translation>
    </message>
    <message>
        <source>Before a deletion</source>
        <translation>删除之前</translation>
    </message>
</context>
<context>
    <name>BackupsBlock</name>
    <message>
        <source>backups, copies, restore</source>
        <translation>备份, 副本, 恢复</translation>
    </message>
    <message>
        <source>Making a backup and checking it …</source>
        <translation>正在备份并检查……</translation>
    </message>
    <message>
        <source>Go back to the backup of {date}?</source>
        <translation>要恢复到 {date} 的备份吗？</translation>
    </message>
    <message>
        <source>Answers that are on their way are stopped and saved. What is there now is backed up first, so that you can come back to it.</source>
        <translation>正在生成的回答会先停止并保存。现有内容会先备份，之后仍可恢复。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Restoring the backup …</source>
        <translation>正在恢复备份……</translation>
    </message>
    <message>
        <source>The backup was made, but messages in it were damaged on the disk before.</source>
        <translation>备份已完成，但其中有消息此前已在磁盘上损坏。</translation>
    </message>
    <message>
        <source>The backup was made and checked.</source>
        <translation>备份已完成并通过检查。</translation>
    </message>
    <message>
        <source>The backup of {date} was restored.</source>
        <translation>已恢复 {date} 的备份。</translation>
    </message>
    <message>
        <source>What was there before is a backup too.</source>
        <translation>恢复前的内容也已备份。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Show {count} more</source>
        <translation>再显示 {count} 个</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>恢复…</translation>
    </message>
    <message>
        <source>Restore the backup of {date}</source>
        <translation>恢复 {date} 的备份</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>1 conversation</source>
        <translation>1 个对话</translation>
    </message>
    <message>
        <source>{count} conversations</source>
        <translation>{count} 个对话</translation>
    </message>
    <message>
        <source>has damaged messages</source>
        <translation>含有损坏的消息</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Copies of all conversations, made by themselves: every half hour in which something changed, when you leave, and before anything that could go wrong. Each is checked. The last 12 are kept, then one a day for 7 days, one a week for 4 weeks and one a month for 6 months; keys are in none of them.</source>
        <translation>自动保存全部对话的副本：内容有变化时每半小时一次，退出时一次，以及在任何有风险的操作之前。每个副本都会检查。保留最近 12 个，此外 7 天内每天一个、4 周内每周一个、6 个月内每月一个；副本中不含密钥。</translation>
    </message>
    <message>
        <source>Nothing is saved in this run, so there is nothing to back up.</source>
        <translation>本次运行不保存任何内容，因此没有可备份的内容。</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
</context>
<context>
    <name>BlockView</name>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>收起详细信息</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>折叠</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>展开</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>复制为纯文本</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>复制表格</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>Bringing</name>
    <message>
        <source>Asking the server…</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>There is no text in it, and only text can be inserted.</source>
        <translation>其中没有文本，而只有文本可以插入。</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copied, with one invisible character</source>
        <translation>已复制，含 1 个不可见字符</translation>
    </message>
    <message>
        <source>Copied, with {count} invisible characters</source>
        <translation>已复制，含 {count} 个不可见字符</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Show all {count} lines</source>
        <translation>显示全部 {count} 行</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Do not wrap lines</source>
        <translation>不自动换行</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>Save code as a file…</source>
        <translation>将代码保存为文件…</translation>
    </message>
    <message>
        <source>Wrap lines</source>
        <translation>自动换行</translation>
    </message>
    <message>
        <source>Fold code</source>
        <translation>折叠代码</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>复制表格</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>No command has “{words}” in its name.</source>
        <translation>没有名称中含“{words}”的命令。</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>想做什么？</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Words that only one of them has are underlined.</source>
        <translation>仅一方有的词语以下划线标出。</translation>
    </message>
    <message>
        <source>Both say the same.</source>
        <translation>两者内容相同。</translation>
    </message>
    <message>
        <source>Compare versions</source>
        <translation>比较版本</translation>
    </message>
    <message>
        <source>Left version</source>
        <translation>左侧版本</translation>
    </message>
    <message>
        <source>Right version</source>
        <translation>右侧版本</translation>
    </message>
    <message>
        <source>Left text</source>
        <translation>左侧文本</translation>
    </message>
    <message>
        <source>Right text</source>
        <translation>右侧文本</translation>
    </message>
    <message>
        <source>Version {number}</source>
        <translation>版本 {number}</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Write a message…</source>
        <translation>输入消息…</translation>
    </message>
    <message>
        <source>Enter lets it wait for the answer · Shift+Enter starts a new line</source>
        <translation>Enter 排队等待当前回答 · Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Enter sends · Shift+Enter starts a new line</source>
        <translation>Enter 发送 · Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Ctrl+Enter lets it wait for the answer · Enter starts a new line</source>
        <translation>Ctrl+Enter 排队等待当前回答 · Enter 换行</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends · Enter starts a new line</source>
        <translation>Ctrl+Enter 发送 · Enter 换行</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Send when the answer is complete</source>
        <translation>当前回答完成后发送</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the answer (Esc)</source>
        <translation>停止回答 (Esc)</translation>
    </message>
</context>
<context>
    <name>ConnectionWatch</name>
    <message>
        <source>Demo</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>This is a demo: the answers are scripted and come from this computer.</source>
        <translation>这是演示：回答是预先编写的，由本机提供。</translation>
    </message>
    <message>
        <source>Use your own key</source>
        <translation>使用自己的密钥</translation>
    </message>
    <message>
        <source>There is no usable system keyring, so the key is kept for this run only and is asked for again next time.</source>
        <translation>没有可用的系统密钥环，因此密钥仅在本次运行期间保留，下次启动时需要重新填写。</translation>
    </message>
</context>
<context>
    <name>ContextController</name>
    <message>
        <source>It reads about {tokens} tokens{cost}. You can change the summary afterwards.</source>
        <translation>模型大约会读取 {tokens} 个 token{cost}。之后您可以修改摘要。</translation>
    </message>
    <message>
        <source>, at least {cost}</source>
        <translation>，至少 {cost}</translation>
    </message>
    <message>
        <source>Have the model sum up what is left out?</source>
        <translation>要让模型为未发送的部分写摘要吗？</translation>
    </message>
    <message>
        <source>Summarise</source>
        <translation>写摘要</translation>
    </message>
    <message>
        <source>Request of turn {turn}, round {round}</source>
        <translation>第 {turn} 轮对话的请求，第 {round} 次</translation>
    </message>
    <message>
        <source>Nothing was recorded for this answer.</source>
        <translation>这条回复没有线路记录。</translation>
    </message>
    <message>
        <source>The summary is being written…</source>
        <translation>正在写摘要…</translation>
    </message>
</context>
<context>
    <name>ContextDialog</name>
    <message>
        <source>Next request</source>
        <translation>下一次请求</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} 个 token</translation>
    </message>
    <message>
        <source>Un&amp;pin</source>
        <translation>取消固定(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Pin</source>
        <translation>固定(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Send again</source>
        <translation>重新发送(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Leave out</source>
        <translation>不发送(&amp;L)</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>What the request holds</source>
        <translation>请求的内容</translation>
    </message>
    <message>
        <source>Piece</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token 数</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Sent?</source>
        <translation>是否发送</translation>
    </message>
    <message>
        <source>Su&amp;mmarise…</source>
        <translation>写摘要(&amp;M)…</translation>
    </message>
    <message>
        <source>Have the model sum up what is left out</source>
        <translation>让模型为未发送的部分写摘要</translation>
    </message>
    <message>
        <source>&amp;Edit summary…</source>
        <translation>编辑摘要(&amp;E)…</translation>
    </message>
</context>
<context>
    <name>ConversationDeeds</name>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Delete what is selected for good?</source>
        <translation>要永久删除选中的内容吗？</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>Delete everything in the trash for good?</source>
        <translation>要永久删除回收站里的全部内容吗？</translation>
    </message>
    <message>
        <source>Empty trash</source>
        <translation>清空回收站</translation>
    </message>
    <message>
        <source>This cannot be undone.</source>
        <translation>此操作无法撤销。</translation>
    </message>
    <message>
        <source>Move to a new folder</source>
        <translation>移到新文件夹</translation>
    </message>
    <message>
        <source>Name of the folder</source>
        <translation>文件夹名称</translation>
    </message>
    <message>
        <source>New tags</source>
        <translation>新标签</translation>
    </message>
    <message>
        <source>Tags, parted by spaces</source>
        <translation>标签，用空格分隔</translation>
    </message>
</context>
<context>
    <name>ConversationMenu</name>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>创建副本</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Take out of the archive</source>
        <translation>移出归档</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Remove all messages</source>
        <translation>移除所有消息</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Move to folder</source>
        <translation>移到文件夹</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>新建文件夹…</translation>
    </message>
    <message>
        <source>No folder</source>
        <translation>不放入文件夹</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>New tag…</source>
        <translation>新建标签…</translation>
    </message>
</context>
<context>
    <name>ConversationModel</name>
    <message>
        <source>folded folder with {count} conversations</source>
        <translation>已折叠的文件夹，含 {count} 个对话</translation>
    </message>
    <message>
        <source>Tags: {tags}</source>
        <translation>标签：{tags}</translation>
    </message>
    <message>
        <source>A tool waits for your permission</source>
        <translation>有工具在等待您的许可</translation>
    </message>
    <message>
        <source>Has a draft</source>
        <translation>有草稿</translation>
    </message>
    <message>
        <source>Deleted for good in {days} days.</source>
        <translation>{days} 天后永久删除。</translation>
    </message>
</context>
<context>
    <name>ConversationPage</name>
    <message>
        <source>Not while an answer is on its way: wait for its end, or stop it</source>
        <translation>正在回答，暂不可用：请等待回答结束，或先停止</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>Deeds</name>
    <message>
        <source>Conversation deleted</source>
        <translation>对话已删除</translation>
    </message>
    <message>
        <source>{count} conversations deleted</source>
        <translation>已删除 {count} 个对话</translation>
    </message>
    <message>
        <source>Version deleted</source>
        <translation>版本已删除</translation>
    </message>
    <message>
        <source>Conversation restored</source>
        <translation>对话已恢复</translation>
    </message>
    <message>
        <source>{count} conversations restored</source>
        <translation>已恢复 {count} 个对话</translation>
    </message>
    <message>
        <source>Messages removed</source>
        <translation>消息已移除</translation>
    </message>
    <message>
        <source>Conversation duplicated</source>
        <translation>已创建对话副本</translation>
    </message>
    <message>
        <source>{count} conversations duplicated</source>
        <translation>已创建 {count} 个对话副本</translation>
    </message>
    <message>
        <source>Conversation renamed</source>
        <translation>对话已重命名</translation>
    </message>
    <message>
        <source>{count} conversations renamed</source>
        <translation>已重命名 {count} 个对话</translation>
    </message>
    <message>
        <source>Conversation moved</source>
        <translation>对话已移动</translation>
    </message>
    <message>
        <source>{count} conversations moved</source>
        <translation>已移动 {count} 个对话</translation>
    </message>
    <message>
        <source>Tags changed</source>
        <translation>标签已更改</translation>
    </message>
    <message>
        <source>Tags of {count} conversations changed</source>
        <translation>已更改 {count} 个对话的标签</translation>
    </message>
    <message>
        <source>Conversation pinned</source>
        <translation>对话已置顶</translation>
    </message>
    <message>
        <source>{count} conversations pinned</source>
        <translation>已置顶 {count} 个对话</translation>
    </message>
    <message>
        <source>Conversation unpinned</source>
        <translation>对话已取消置顶</translation>
    </message>
    <message>
        <source>{count} conversations unpinned</source>
        <translation>已取消置顶 {count} 个对话</translation>
    </message>
    <message>
        <source>Conversation archived</source>
        <translation>对话已归档</translation>
    </message>
    <message>
        <source>{count} conversations archived</source>
        <translation>已归档 {count} 个对话</translation>
    </message>
    <message>
        <source>Conversation taken out of the archive</source>
        <translation>对话已移出归档</translation>
    </message>
    <message>
        <source>{count} conversations taken out of the archive</source>
        <translation>已将 {count} 个对话移出归档</translation>
    </message>
    <message>
        <source>What is sent was changed</source>
        <translation>已更改发送的内容</translation>
    </message>
    <message>
        <source>Summary changed</source>
        <translation>已更改摘要</translation>
    </message>
    <message>
        <source>Undone: {deed}</source>
        <translation>已撤销：{deed}</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Rename the conversation</source>
        <translation>重命名对话</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>A native desktop client for MiniMax-M2 and its siblings.
Unofficial: not made, endorsed or supported by MiniMax.</source>
        <translation>面向 MiniMax-M2 及同系列模型的原生桌面客户端。
非官方程序：并非由 MiniMax 制作、认可或提供支持。</translation>
    </message>
    <message>
        <source>Version {version} · Qt {qt} · Python {python}
Free software under the MIT licence. Qt is used under the LGPL, version 3.</source>
        <translation>版本 {version} · Qt {qt} · Python {python}
基于 MIT 许可证的自由软件。Qt 依据 LGPL 第 3 版使用。</translation>
    </message>
    <message>
        <source>About Interleave</source>
        <translation>关于 Interleave</translation>
    </message>
</context>
<context>
    <name>EditBanner</name>
    <message>
        <source>Editing your message · Esc leaves it as it was</source>
        <translation>正在编辑你的消息 · 按 Esc 放弃修改</translation>
    </message>
    <message>
        <source>Leave editing</source>
        <translation>退出编辑</translation>
    </message>
    <message>
        <source>Leave editing (Esc)</source>
        <translation>退出编辑 (Esc)</translation>
    </message>
</context>
<context>
    <name>ElicitationDialog</name>
    <message>
        <source>{server} asks</source>
        <translation>{server} 提问</translation>
    </message>
    <message>
        <source>Your answer goes to this server. Do not enter passwords or keys here.</source>
        <translation>你的回答会发送给这个服务器。请不要在这里输入密码或密钥。</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>拒绝回答</translation>
    </message>
    <message>
        <source>an answer is needed.</source>
        <translation>需要填写。</translation>
    </message>
    <message>
        <source>a whole number is needed.</source>
        <translation>需要填写整数。</translation>
    </message>
    <message>
        <source>a number is needed.</source>
        <translation>需要填写数字。</translation>
    </message>
    <message>
        <source>at least {number}.</source>
        <translation>至少为 {number}。</translation>
    </message>
    <message>
        <source>at most {number}.</source>
        <translation>至多为 {number}。</translation>
    </message>
    <message>
        <source>this is not of the kind that is asked for ({kind}).</source>
        <translation>格式不符合要求（{kind}）。</translation>
    </message>
    <message>
        <source>{name}, required</source>
        <translation>{name}，必填</translation>
    </message>
    <message>
        <source>(nothing)</source>
        <translation>（不选）</translation>
    </message>
</context>
<context>
    <name>EndpointDialog</name>
    <message>
        <source>Optional</source>
        <translation>可选</translation>
    </message>
    <message>
        <source>Kept in the system keyring, for this address only.</source>
        <translation>保存在系统密钥环中，仅用于此地址。</translation>
    </message>
    <message>
        <source>A key is stored in the system keyring. A new one replaces it.</source>
        <translation>系统密钥环中已保存密钥。填写新密钥会替换它。</translation>
    </message>
    <message>
        <source>A key is kept for this run only.</source>
        <translation>密钥仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>Add an endpoint</source>
        <translation>添加端点</translation>
    </message>
    <message>
        <source>Edit the endpoint</source>
        <translation>编辑端点</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Address</source>
        <translation>地址(&amp;A)</translation>
    </message>
    <message>
        <source>API &amp;key</source>
        <translation>API 密钥(&amp;K)</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>My server</source>
        <translation>我的服务器</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>The base URL of an OpenAI-compatible server; it usually ends in /v1.</source>
        <translation>兼容 OpenAI 的服务器的基础 URL，通常以 /v1 结尾。</translation>
    </message>
    <message>
        <source>Ask for thinking in a field of its own</source>
        <translation>要求用单独的字段返回思考内容</translation>
    </message>
    <message>
        <source>Sends MiniMax’s reasoning_split. Switch it on for MiniMax or a gateway to it; other servers may refuse it.</source>
        <translation>发送 MiniMax 的 reasoning_split 参数。连接 MiniMax 或其网关时请开启；其他服务器可能会拒绝。</translation>
    </message>
    <message>
        <source>Test key</source>
        <translation>测试密钥</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>Endpoints</name>
    <message>
        <source>The address is empty.</source>
        <translation>地址为空。</translation>
    </message>
    <message>
        <source>The address must begin with https://.</source>
        <translation>地址必须以 https:// 开头。</translation>
    </message>
    <message>
        <source>The address must begin with https://, or with http:// on this computer.</source>
        <translation>地址必须以 https:// 开头；本机地址可以使用 http://。</translation>
    </message>
    <message>
        <source>http:// would send the key and the conversation unprotected; it is allowed for this computer only. Use https://.</source>
        <translation>http:// 会在没有保护的情况下发送密钥和对话，只允许用于本机。请使用 https://。</translation>
    </message>
    <message>
        <source>The address names no host.</source>
        <translation>地址中没有主机名。</translation>
    </message>
    <message>
        <source>The address has a character in it that cannot stand there.</source>
        <translation>地址中含有不允许的字符。</translation>
    </message>
    <message>
        <source>The address must not hold a user name or a password.</source>
        <translation>地址中不能包含用户名或密码。</translation>
    </message>
    <message>
        <source>The address must end before any ? or #.</source>
        <translation>地址中不能包含 ? 或 #。</translation>
    </message>
    <message>
        <source>The port must be a number from 1 to 65535.</source>
        <translation>端口必须是 1 到 65535 之间的数字。</translation>
    </message>
</context>
<context>
    <name>EndpointsBlock</name>
    <message>
        <source>custom endpoints, server, address, key</source>
        <translation>自定义端点, 服务器, 地址, 密钥</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Edit {name}</source>
        <translation>编辑{name}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除{name}</translation>
    </message>
    <message>
        <source>Remove the endpoint {name}?</source>
        <translation>要移除端点{name}吗？</translation>
    </message>
    <message>
        <source>Its key is taken out of the system keyring too. This cannot be undone.</source>
        <translation>其密钥也会从系统密钥环中移除，此操作无法撤销。</translation>
    </message>
    <message>
        <source>Custom endpoints</source>
        <translation>自定义端点</translation>
    </message>
    <message>
        <source>Servers of your own that speak the OpenAI protocol: vLLM, SGLang, llama.cpp or a gateway. Choose one as the region above.</source>
        <translation>您自己的、支持 OpenAI 协议的服务器：vLLM、SGLang、llama.cpp 或网关。可在上方的区域中选择使用。</translation>
    </message>
    <message>
        <source>Add an endpoint…</source>
        <translation>添加端点…</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>There is no API key for {host} yet.</source>
        <translation>尚未设置 {host} 的 API 密钥。</translation>
    </message>
    <message>
        <source>Enter one in the settings, or try the demo.</source>
        <translation>请在设置中填写，或先试用演示。</translation>
    </message>
    <message>
        <source>The address of this connection cannot be used.</source>
        <translation>此连接的地址无法使用。</translation>
    </message>
    <message>
        <source>Correct it in the settings.</source>
        <translation>请在设置中更正。</translation>
    </message>
    <message>
        <source>This conversation is too large to send.</source>
        <translation>此对话过长，无法发送。</translation>
    </message>
    <message>
        <source>Begin a new conversation, or shorten the last message.</source>
        <translation>请新建对话，或缩短最后一条消息。</translation>
    </message>
    <message>
        <source>Nothing answers at {host}.</source>
        <translation>{host} 没有响应。</translation>
    </message>
    <message>
        <source>Check that the server runs and that the address in the settings is right.</source>
        <translation>请确认服务器正在运行，并且设置中的地址正确。</translation>
    </message>
    <message>
        <source>The host {host} cannot be found.</source>
        <translation>找不到主机 {host}。</translation>
    </message>
    <message>
        <source>Check the network connection and the address in the settings.</source>
        <translation>请检查网络连接以及设置中的地址。</translation>
    </message>
    <message>
        <source>{host} did not take the connection in time.</source>
        <translation>连接 {host} 超时。</translation>
    </message>
    <message>
        <source>Check the network, a proxy or a firewall, then retry.</source>
        <translation>请检查网络、代理或防火墙，然后重试。</translation>
    </message>
    <message>
        <source>The identity of {host} cannot be verified, so nothing was sent.</source>
        <translation>无法验证 {host} 的身份，因此没有发送任何内容。</translation>
    </message>
    <message>
        <source>Check this computer’s date, a proxy that inspects traffic, and the address in the settings.</source>
        <translation>请检查本机的日期、会检查流量的代理，以及设置中的地址。</translation>
    </message>
    <message>
        <source>{host} does not speak HTTPS.</source>
        <translation>{host} 不支持 HTTPS。</translation>
    </message>
    <message>
        <source>Check the address and the port in the settings.</source>
        <translation>请检查设置中的地址和端口。</translation>
    </message>
    <message>
        <source>The proxy did not let the request through.</source>
        <translation>代理没有放行该请求。</translation>
    </message>
    <message>
        <source>Enter them in the settings under Network; for the system’s proxy, where that one is set.</source>
        <translation>请在设置的“网络”中填写；如果使用系统代理，请在设置系统代理的地方填写。</translation>
    </message>
    <message>
        <source>The connection to {host} was lost.</source>
        <translation>与 {host} 的连接已中断。</translation>
    </message>
    <message>
        <source>What has arrived is kept. Retry when the network is back.</source>
        <translation>已收到的内容已保留。请在网络恢复后重试。</translation>
    </message>
    <message>
        <source>{host} took the request but did not begin to answer in time.</source>
        <translation>{host} 已接受请求，但未能及时开始回答。</translation>
    </message>
    <message>
        <source>Retry; a long wait can be allowed in the settings.</source>
        <translation>请重试；也可以在设置中允许更长的等待时间。</translation>
    </message>
    <message>
        <source>{host} stopped sending in the middle of the answer.</source>
        <translation>{host} 在回答中途停止了发送。</translation>
    </message>
    <message>
        <source>What has arrived is kept. Retry, or allow a longer silence in the settings.</source>
        <translation>已收到的内容已保留。请重试，或在设置中允许更长的静默时间。</translation>
    </message>
    <message>
        <source>{host} sent the request on to another address, which was not followed, so the key stays where it belongs.</source>
        <translation>{host} 将请求转向了另一个地址。为确保密钥不外泄，程序没有跟随。</translation>
    </message>
    <message>
        <source>Check the address in the settings.</source>
        <translation>请检查设置中的地址。</translation>
    </message>
    <message>
        <source>The system keyring is locked, so the API key or password for {host} cannot be read.</source>
        <translation>系统密钥环已锁定，无法读取 {host} 的 API 密钥或密码。</translation>
    </message>
    <message>
        <source>Unlock it and retry, or enter it in the settings for this run.</source>
        <translation>请解锁后重试，或在设置中填写，仅用于本次运行。</translation>
    </message>
    <message>
        <source>The address of the proxy cannot be used.</source>
        <translation>代理的地址无法使用。</translation>
    </message>
    <message>
        <source>Correct it in the settings under Network.</source>
        <translation>请在设置的“网络”页更正。</translation>
    </message>
    <message>
        <source>The file with your own certificates cannot be used.</source>
        <translation>您自己的证书文件无法使用。</translation>
    </message>
    <message>
        <source>This is too long for the model, so nothing was sent.</source>
        <translation>内容对模型来说太长，因此没有发送任何内容。</translation>
    </message>
    <message>
        <source>Shorten it, unpin messages, or choose another model.</source>
        <translation>请缩短内容、取消固定一些消息，或选择其他模型。</translation>
    </message>
    <message>
        <source>The certificate of {host} is not valid today, so nothing was sent.</source>
        <translation>{host} 的证书目前不在有效期内，因此未发送任何内容。</translation>
    </message>
    <message>
        <source>Check this computer’s date; if it is right, tell whoever runs the server.</source>
        <translation>请检查本机日期；如果日期正确，请告知服务器的管理者。</translation>
    </message>
    <message>
        <source>The certificate of {host} belongs to another host, so nothing was sent.</source>
        <translation>{host} 的证书属于另一台主机，因此未发送任何内容。</translation>
    </message>
    <message>
        <source>The certificate of {host} was issued by nobody whom this computer trusts, so nothing was sent.</source>
        <translation>{host} 的证书并非由本机信任的机构签发，因此未发送任何内容。</translation>
    </message>
    <message>
        <source>If your own server or your company’s proxy issued it, name the file with its certificates in the settings under Network.</source>
        <translation>如果它由您自己的服务器或公司的代理签发，请在设置的“网络”页指定相应的证书文件。</translation>
    </message>
    <message>
        <source>The details say what it answered; its rules may not allow this address.</source>
        <translation>详细信息中有它的答复；它的规则可能不允许访问此地址。</translation>
    </message>
    <message>
        <source>The proxy {host} wants another user name or password.</source>
        <translation>代理 {host} 要求其他用户名或密码。</translation>
    </message>
    <message>
        <source>The proxy {host} cannot be reached.</source>
        <translation>无法连接代理 {host}。</translation>
    </message>
    <message>
        <source>Check its address and port, or choose another proxy in the settings.</source>
        <translation>请检查其地址和端口，或在设置中选择其他代理。</translation>
    </message>
    <message>
        <source>The answer was interrupted by this computer’s sleep.</source>
        <translation>本机进入睡眠，回答因此中断。</translation>
    </message>
    <message>
        <source>What has arrived is kept. Retry to ask again.</source>
        <translation>已收到的内容已保留。可以重试，再次提问。</translation>
    </message>
    <message>
        <source>{host} does not accept this API key.</source>
        <translation>{host} 不接受此 API 密钥。</translation>
    </message>
    <message>
        <source>Check the key in the settings.</source>
        <translation>请检查设置中的密钥。</translation>
    </message>
    <message>
        <source>{host} did not find an API key in the request.</source>
        <translation>{host} 在请求中没有找到 API 密钥。</translation>
    </message>
    <message>
        <source>Enter the key again in the settings.</source>
        <translation>请在设置中重新填写密钥。</translation>
    </message>
    <message>
        <source>{host} does not allow this request.</source>
        <translation>{host} 不允许此请求。</translation>
    </message>
    <message>
        <source>Check what this key may do, and whether a firewall stands in between.</source>
        <translation>请检查此密钥的权限，以及中间是否有防火墙。</translation>
    </message>
    <message>
        <source>The account’s balance is used up.</source>
        <translation>账户余额已用完。</translation>
    </message>
    <message>
        <source>Top it up on the service’s page, then retry.</source>
        <translation>请在服务方的页面充值，然后重试。</translation>
    </message>
    <message>
        <source>Too many requests at the moment.</source>
        <translation>目前请求过多。</translation>
    </message>
    <message>
        <source>Wait a little, then retry.</source>
        <translation>请稍候再重试。</translation>
    </message>
    <message>
        <source>The plan’s quota is used up.</source>
        <translation>套餐额度已用完。</translation>
    </message>
    <message>
        <source>Wait until it is renewed, or change the plan on the service’s page.</source>
        <translation>请等待额度更新，或在服务方的页面更换套餐。</translation>
    </message>
    <message>
        <source>The plan does not include this model.</source>
        <translation>当前套餐不包含此模型。</translation>
    </message>
    <message>
        <source>Choose another model above, then retry.</source>
        <translation>请在上方选择其他模型，然后重试。</translation>
    </message>
    <message>
        <source>The service refused the message because of its content rules.</source>
        <translation>服务方依据其内容规则拒绝了这条消息。</translation>
    </message>
    <message>
        <source>Change the message and send it again.</source>
        <translation>请修改消息后重新发送。</translation>
    </message>
    <message>
        <source>The service ended the answer because of its content rules.</source>
        <translation>服务方依据其内容规则终止了回答。</translation>
    </message>
    <message>
        <source>What has arrived is kept. Ask differently, or retry.</source>
        <translation>已收到的内容已保留。请换个问法，或重试。</translation>
    </message>
    <message>
        <source>{host} did not accept the request.</source>
        <translation>{host} 没有接受该请求。</translation>
    </message>
    <message>
        <source>The details say what it objects to.</source>
        <translation>详细信息中说明了原因。</translation>
    </message>
    <message>
        <source>{host} does not know this model.</source>
        <translation>{host} 没有此模型。</translation>
    </message>
    <message>
        <source>The conversation is longer than this model can take.</source>
        <translation>对话长度超出了此模型的上限。</translation>
    </message>
    <message>
        <source>Begin a new conversation, or choose a model with a larger window.</source>
        <translation>请新建对话，或选择上下文窗口更大的模型。</translation>
    </message>
    <message>
        <source>{host} has nothing at this address.</source>
        <translation>{host} 的这个地址没有内容。</translation>
    </message>
    <message>
        <source>Check the address in the settings; it usually ends in /v1.</source>
        <translation>请检查设置中的地址；它通常以 /v1 结尾。</translation>
    </message>
    <message>
        <source>{host} had an internal error.</source>
        <translation>{host} 发生内部错误。</translation>
    </message>
    <message>
        <source>This is not your fault. Retry in a moment.</source>
        <translation>这不是您的问题。请稍后重试。</translation>
    </message>
    <message>
        <source>{host} is overloaded.</source>
        <translation>{host} 负载过高。</translation>
    </message>
    <message>
        <source>Retry in a moment.</source>
        <translation>请稍后重试。</translation>
    </message>
    <message>
        <source>{host} sent an empty answer.</source>
        <translation>{host} 返回了空的回答。</translation>
    </message>
    <message>
        <source>Retry.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>A web page answered instead of the service.</source>
        <translation>返回的是网页，而不是服务的回答。</translation>
    </message>
    <message>
        <source>A Wi-Fi sign-in page or a proxy may stand in between; the address in the settings may be wrong.</source>
        <translation>中间可能有 Wi-Fi 登录页面或代理，设置中的地址也可能有误。</translation>
    </message>
    <message>
        <source>{host} sent something that is not in the expected format.</source>
        <translation>{host} 返回的内容格式不符合预期。</translation>
    </message>
    <message>
        <source>What has arrived is kept. Retry; the details help when it happens again.</source>
        <translation>已收到的内容已保留。请重试；如果再次发生，详细信息会有所帮助。</translation>
    </message>
    <message>
        <source>{host} sent more than this program takes, so the connection was closed.</source>
        <translation>{host} 发送的数据超出本程序的上限，连接已关闭。</translation>
    </message>
    <message>
        <source>What has arrived is kept.</source>
        <translation>已收到的内容已保留。</translation>
    </message>
    <message>
        <source>The answer broke off before it was finished.</source>
        <translation>回答尚未完成就中断了。</translation>
    </message>
    <message>
        <source>The answer reached the length limit.</source>
        <translation>回答已达到长度上限。</translation>
    </message>
    <message>
        <source>Allow more tokens in this conversation’s parameters, then retry.</source>
        <translation>请在此对话的参数中调高 token 上限，然后重试。</translation>
    </message>
    <message>
        <source>The length limit was reached while the model was still thinking, so there is no answer.</source>
        <translation>模型仍在思考时就达到了长度上限，因此没有回答。</translation>
    </message>
    <message>
        <source>The conversation cannot be stored.</source>
        <translation>无法保存此对话。</translation>
    </message>
    <message>
        <source>It stays on the screen for now. Free some space, or check the data folder.</source>
        <translation>内容暂时保留在屏幕上。请释放一些磁盘空间，或检查数据文件夹。</translation>
    </message>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation>程序内部出现错误。</translation>
    </message>
    <message>
        <source>What has arrived is kept. Please send a report with the details.</source>
        <translation>已收到的内容已保留。请附上详细信息提交报告。</translation>
    </message>
    <message>
        <source>A key belongs to one region: it may be one of the other region’s.</source>
        <translation>每个密钥只属于一个区域：它可能是另一个区域的密钥。</translation>
    </message>
    <message>
        <source>the server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Open settings</source>
        <translation>打开设置</translation>
    </message>
    <message>
        <source>Ask the other region</source>
        <translation>询问另一地区</translation>
    </message>
    <message>
        <source>Switch region</source>
        <translation>切换区域</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
</context>
<context>
    <name>EventTable</name>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
</context>
<context>
    <name>EventsPage</name>
    <message>
        <source>Not all is here: the record reached the size set for it.</source>
        <translation>记录不完整：已达到设定的大小上限。</translation>
    </message>
    <message>
        <source>No answer came.</source>
        <translation>没有收到回复。</translation>
    </message>
    <message>
        <source>The answer was no stream of events.</source>
        <translation>回复不是事件流。</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Whole event</source>
        <translation>完整事件</translation>
    </message>
    <message>
        <source>Show the &amp;headers of the answer</source>
        <translation>显示回复的标头(&amp;H)</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>You</source>
        <translation>你</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>Tool call</source>
        <translation>工具调用</translation>
    </message>
    <message>
        <source>Tool result</source>
        <translation>工具结果</translation>
    </message>
    <message>
        <source>Tool error</source>
        <translation>工具出错</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Cut off</source>
        <translation>回答被截断</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>Interleave, with everything</source>
        <translation>Interleave（完整内容）</translation>
    </message>
    <message>
        <source>There is no conversation to export yet.</source>
        <translation>还没有可以导出的对话。</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>a file of this name is there now</source>
        <translation>现在已有同名文件</translation>
    </message>
    <message>
        <source>Exported to {name}</source>
        <translation>已导出到 {name}</translation>
    </message>
    <message>
        <source>Not exported: {reason}</source>
        <translation>未能导出：{reason}</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>“{name}” is already there. Replace it?</source>
        <translation>“{name}”已经存在。要替换它吗？</translation>
    </message>
    <message>
        <source>What it holds now will be lost.</source>
        <translation>其中现有的内容将会丢失。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>{format}, a file each in an archive</source>
        <translation>{format}（每个对话一个文件，打包为压缩包）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>{done} of {total} conversations</source>
        <translation>已完成 {done} / {total} 个对话</translation>
    </message>
</context>
<context>
    <name>FilterPopup</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任何时间</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Past 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>Past 30 days</source>
        <translation>过去 30 天</translation>
    </message>
    <message>
        <source>Past year</source>
        <translation>过去一年</translation>
    </message>
    <message>
        <source>Between…</source>
        <translation>自定义…</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>Search in the trash</source>
        <translation>在回收站中搜索</translation>
    </message>
    <message>
        <source>Narrow the search</source>
        <translation>缩小搜索范围</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>No hits</source>
        <translation>没有结果</translation>
    </message>
    <message>
        <source>Match case</source>
        <translation>区分大小写</translation>
    </message>
    <message>
        <source>Whole words</source>
        <translation>全字匹配</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>上一处结果</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>下一处结果</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>关闭查找</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>Thinking: {count}</source>
        <translation>思考：{count}</translation>
    </message>
    <message>
        <source>Conversation: {count}</source>
        <translation>对话：{count}</translation>
    </message>
    <message>
        <source>Find in conversation</source>
        <translation>在对话中查找</translation>
    </message>
    <message>
        <source>Find in thinking</source>
        <translation>在思考过程中查找</translation>
    </message>
</context>
<context>
    <name>FirstRunCard</name>
    <message>
        <source>Welcome</source>
        <translation>欢迎</translation>
    </message>
    <message>
        <source>A native desktop client for MiniMax-M2.</source>
        <translation>面向 MiniMax-M2 的原生桌面客户端。</translation>
    </message>
    <message>
        <source>Unofficial: not made, endorsed or supported by MiniMax.</source>
        <translation>非官方程序：并非由 MiniMax 制作、认可或提供支持。</translation>
    </message>
    <message>
        <source>The key goes to your system’s keyring, never into a file of this program.</source>
        <translation>密钥会保存到系统密钥环，绝不会写入本程序的文件。</translation>
    </message>
    <message>
        <source>Start chatting</source>
        <translation>开始聊天</translation>
    </message>
    <message>
        <source>No key? The demo shows everything on this computer, without a network.</source>
        <translation>没有密钥？演示会在本机展示全部功能，无需联网。</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>试用演示</translation>
    </message>
</context>
<context>
    <name>FoldersBlock</name>
    <message>
        <source>That is no folder.</source>
        <translation>这不是文件夹。</translation>
    </message>
    <message>
        <source>The name of this folder has characters in it that cannot be kept.</source>
        <translation>此文件夹的名称含有无法保存的字符。</translation>
    </message>
    <message>
        <source>Tools may use this folder already.</source>
        <translation>工具已经可以使用此文件夹。</translation>
    </message>
    <message>
        <source>A folder that tools may use</source>
        <translation>工具可以使用的文件夹</translation>
    </message>
    <message>
        <source>Let tools use all of {folder}?</source>
        <translation>允许工具使用整个 {folder} 吗？</translation>
    </message>
    <message>
        <source>This holds nearly everything of yours. What a tool reads goes to the model, and so to its service. A smaller folder does for most tasks.</source>
        <translation>这里几乎包含你的全部内容。工具读到的内容会交给模型，也就会发送到它的服务。多数任务用一个更小的文件夹就够了。</translation>
    </message>
    <message>
        <source>Use all of it</source>
        <translation>允许使用全部</translation>
    </message>
    <message>
        <source>Remove {folder}</source>
        <translation>移除 {folder}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>None yet, so the model is not offered the tools for files at all.</source>
        <translation>还没有，因此不会向模型提供任何文件工具。</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add a folder that tools may use</source>
        <translation>添加工具可以使用的文件夹</translation>
    </message>
</context>
<context>
    <name>Groups</name>
    <message>
        <source>Conversations</source>
        <translation>对话列表</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Parameters of this conversation</source>
        <translation>此对话的参数</translation>
    </message>
    <message>
        <source>Show or hide the thinking</source>
        <translation>显示或隐藏思考过程</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The model that is asked; any name can be typed</source>
        <translation>要提问的模型；可以输入任意名称</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
</context>
<context>
    <name>Import</name>
    <message>
        <source>Import conversations</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>导出文件</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>1 conversation imported</source>
        <translation>已导入 1 个对话</translation>
    </message>
    <message>
        <source>{count} conversations imported</source>
        <translation>已导入 {count} 个对话</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Import undone</source>
        <translation>已撤销导入</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Conversations in the file</source>
        <translation>文件中的对话</translation>
    </message>
    <message>
        <source>Import the {count} that are here already again, as copies</source>
        <translation>将已存在的 {count} 个对话作为副本再次导入</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Left out:</source>
        <translation>不会导入的内容：</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>{format} · conversations: {conversations} · messages: {messages} · branches: {branches}</source>
        <translation>{format} · 对话：{conversations} · 消息：{messages} · 分支：{branches}</translation>
    </message>
    <message>
        <source>Here already: {count}</source>
        <translation>已存在：{count}</translation>
    </message>
    <message>
        <source>Import {count}</source>
        <translation>导入 {count} 个</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>Messages: {count}</source>
        <translation>消息：{count}</translation>
    </message>
    <message>
        <source>here already</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>This file cannot be read.</source>
        <translation>无法读取此文件。</translation>
    </message>
    <message>
        <source>This file is empty.</source>
        <translation>此文件是空的。</translation>
    </message>
    <message>
        <source>This file is too large: at most 200 MB of text are read, and 64 MB for one conversation.</source>
        <translation>此文件太大：最多读取 200 MB 文本，单个对话最多 64 MB。</translation>
    </message>
    <message>
        <source>This archive would unpack to far more than it is; it is not opened.</source>
        <translation>此压缩包解压后会远大于自身，因此不会打开。</translation>
    </message>
    <message>
        <source>This archive is damaged or incomplete. Download it again.</source>
        <translation>此压缩包已损坏或不完整，请重新下载。</translation>
    </message>
    <message>
        <source>This archive is protected by a password. Unpack it first.</source>
        <translation>此压缩包有密码保护，请先解压。</translation>
    </message>
    <message>
        <source>The text in this file is not in UTF-8.</source>
        <translation>此文件中的文本不是 UTF-8 编码。</translation>
    </message>
    <message>
        <source>This file is no JSON, or it is incomplete.</source>
        <translation>此文件不是 JSON，或者不完整。</translation>
    </message>
    <message>
        <source>What is in this file is nested too deeply to be conversations.</source>
        <translation>此文件的内容嵌套过深，不可能是对话。</translation>
    </message>
    <message>
        <source>This is a web page, not an export. Perhaps the download needed a login.</source>
        <translation>这是一个网页，不是导出文件。下载时可能需要登录。</translation>
    </message>
    <message>
        <source>This is a database. Foreign databases are not opened; export the conversations from the program that made it.</source>
        <translation>这是一个数据库。本程序不会打开外来的数据库；请在创建它的程序中导出对话。</translation>
    </message>
    <message>
        <source>No known export is in this file. Exports of Interleave, ChatGPT, Claude, Cherry Studio and Open WebUI can be read.</source>
        <translation>此文件中没有可识别的导出内容。可以读取 Interleave、ChatGPT、Claude、Cherry Studio 和 Open WebUI 的导出文件。</translation>
    </message>
    <message>
        <source>This backup holds the files of a browser’s database, which only the program that made it can read. Make a backup there that holds a data.json.</source>
        <translation>此备份保存的是浏览器数据库的文件，只有创建它的程序才能读取。请在那里制作一个包含 data.json 的备份。</translation>
    </message>
    <message>
        <source>This file was exported by a newer version of Interleave. Update this one to read it.</source>
        <translation>此文件由更新版本的 Interleave 导出。请更新本程序后再读取。</translation>
    </message>
    <message>
        <source>This file of Interleave is damaged; nothing of it was taken.</source>
        <translation>这个 Interleave 文件已损坏，没有导入其中任何内容。</translation>
    </message>
    <message>
        <source>There is no conversation in this file.</source>
        <translation>此文件中没有对话。</translation>
    </message>
    <message>
        <source>Reading this file takes too long; it was given up.</source>
        <translation>读取此文件耗时过长，已放弃。</translation>
    </message>
    <message>
        <source>Images, of which a note stays: {count}</source>
        <translation>图片（保留一处标注）：{count}</translation>
    </message>
    <message>
        <source>Attached files, of which the name stays: {count}</source>
        <translation>附件（保留文件名）：{count}</translation>
    </message>
    <message>
        <source>Messages that were hidden there: {count}</source>
        <translation>原程序中隐藏的消息：{count}</translation>
    </message>
    <message>
        <source>Parts of an unknown kind: {count}</source>
        <translation>类型未知的部分：{count}</translation>
    </message>
    <message>
        <source>Parts that are missing in the file: {count}</source>
        <translation>文件中缺失的部分：{count}</translation>
    </message>
    <message>
        <source>Conversations without a message: {count}</source>
        <translation>没有消息的对话：{count}</translation>
    </message>
</context>
<context>
    <name>JumpButton</name>
    <message>
        <source>Jump to latest</source>
        <translation>跳到最新</translation>
    </message>
</context>
<context>
    <name>KeyAnswers</name>
    <message>
        <source>Enter a key first.</source>
        <translation>请先填写密钥。</translation>
    </message>
    <message>
        <source>This cannot be a key: character {position} is {name}.</source>
        <translation>这不可能是密钥：第 {position} 个字符是 {name}。</translation>
    </message>
    <message>
        <source>Copy the key again, straight from the page that shows it.</source>
        <translation>请直接从显示密钥的页面重新复制。</translation>
    </message>
    <message>
        <source>Storing the key…</source>
        <translation>正在保存密钥…</translation>
    </message>
    <message>
        <source>The system may ask for the keyring’s password.</source>
        <translation>系统可能会要求输入密钥环的密码。</translation>
    </message>
    <message>
        <source>Asking {host}…</source>
        <translation>正在询问 {host}…</translation>
    </message>
    <message>
        <source>The key works.</source>
        <translation>密钥可用。</translation>
    </message>
    <message>
        <source>The server answers.</source>
        <translation>服务器有响应。</translation>
    </message>
    <message>
        <source>The key belongs to {name}.</source>
        <translation>该密钥属于{name}。</translation>
    </message>
    <message>
        <source>Use {name} with this key</source>
        <translation>改用{name}并使用此密钥</translation>
    </message>
    <message>
        <source>{name} does not accept the key either: it belongs to neither region.</source>
        <translation>{name}也不接受此密钥：它不属于任何一个地区。</translation>
    </message>
    <message>
        <source>Make a new key on the page of your region, and copy it whole.</source>
        <translation>请在您所在地区的页面上创建新密钥，并完整复制。</translation>
    </message>
    <message>
        <source>Ask {host} about this key</source>
        <translation>向 {host} 验证此密钥</translation>
    </message>
    <message>
        <source>{host} answered in {ms} ms and lists {count} models.</source>
        <translation>{host} 在 {ms} 毫秒内响应，列出 {count} 个模型。</translation>
    </message>
    <message>
        <source>{host} answered in {ms} ms and lists one model: {model}.</source>
        <translation>{host} 在 {ms} 毫秒内响应，列出一个模型：{model}。</translation>
    </message>
    <message>
        <source>{host} answered in {ms} ms and lists no models.</source>
        <translation>{host} 在 {ms} 毫秒内响应，没有列出模型。</translation>
    </message>
</context>
<context>
    <name>KeyBlock</name>
    <message>
        <source>region, API key, keyring, test, host</source>
        <translation>区域, API 密钥, 密钥环, 测试, 主机</translation>
    </message>
</context>
<context>
    <name>KeyFields</name>
    <message>
        <source>&amp;Region</source>
        <translation>区域(&amp;R)</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>API &amp;key</source>
        <translation>API 密钥(&amp;K)</translation>
    </message>
    <message>
        <source>Get a key</source>
        <translation>获取密钥</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Test key</source>
        <translation>测试密钥</translation>
    </message>
    <message>
        <source>Remove key</source>
        <translation>移除密钥</translation>
    </message>
</context>
<context>
    <name>KeyForm</name>
    <message>
        <source>Messages and the key go to {host} and nowhere else.</source>
        <translation>消息和密钥只会发送到 {host}，不会发往别处。</translation>
    </message>
    <message>
        <source>The demo runs on this computer. Nothing leaves it.</source>
        <translation>演示在本机运行，不会外发任何内容。</translation>
    </message>
    <message>
        <source>Opens {page} in the browser</source>
        <translation>在浏览器中打开 {page}</translation>
    </message>
    <message>
        <source>No key needed</source>
        <translation>无需密钥</translation>
    </message>
    <message>
        <source>Paste your key</source>
        <translation>粘贴您的密钥</translation>
    </message>
    <message>
        <source>Optional</source>
        <translation>可选</translation>
    </message>
    <message>
        <source>The demo needs no key.</source>
        <translation>演示无需密钥。</translation>
    </message>
    <message>
        <source>From the environment; used for this run and never stored.</source>
        <translation>来自环境变量；仅用于本次运行，不会保存。</translation>
    </message>
    <message>
        <source>The environment gives an address without a key.</source>
        <translation>环境变量提供了地址，但没有密钥。</translation>
    </message>
    <message>
        <source>Looking in the system keyring…</source>
        <translation>正在查询系统密钥环…</translation>
    </message>
    <message>
        <source>Stored in the system keyring. A new key replaces it.</source>
        <translation>已保存在系统密钥环中。填写新密钥会替换它。</translation>
    </message>
    <message>
        <source>Kept for this run only.</source>
        <translation>仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>No key stored; this server may not need one.</source>
        <translation>未保存密钥；此服务器可能不需要。</translation>
    </message>
    <message>
        <source>No key yet.</source>
        <translation>尚无密钥。</translation>
    </message>
    <message>
        <source>Remove the key for {name}?</source>
        <translation>要移除{name}的密钥吗？</translation>
    </message>
    <message>
        <source>It is taken out of the system keyring. This cannot be undone.</source>
        <translation>密钥将从系统密钥环中移除，此操作无法撤销。</translation>
    </message>
    <message>
        <source>Remove key</source>
        <translation>移除密钥</translation>
    </message>
</context>
<context>
    <name>KeyInput</name>
    <message>
        <source>Hide the key</source>
        <translation>隐藏密钥</translation>
    </message>
    <message>
        <source>Show the key</source>
        <translation>显示密钥</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API 密钥</translation>
    </message>
</context>
<context>
    <name>Keyring</name>
    <message>
        <source>Saved in the system keyring.</source>
        <translation>已保存到系统密钥环。</translation>
    </message>
    <message>
        <source>No usable keyring: the key is kept for this run only.</source>
        <translation>没有可用的密钥环：密钥仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>The keyring is locked: the key is kept for this run only.</source>
        <translation>密钥环已锁定：密钥仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>The keyring did not answer: the key is kept for this run only.</source>
        <translation>密钥环没有响应：密钥仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>The keyring did not take the key: it is kept for this run only.</source>
        <translation>密钥环未能保存密钥：密钥仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>The key is too long for this keyring: it is kept for this run only.</source>
        <translation>密钥过长，此密钥环无法保存：密钥仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>This system has no password store that the program may use, such as GNOME Keyring, KWallet, the macOS Keychain or the Windows Credential Manager. Keys are never written to a plain file.</source>
        <translation>此系统没有本程序可用的密码存储，例如 GNOME Keyring、KWallet、macOS 钥匙串或 Windows 凭据管理器。密钥绝不会写入明文文件。</translation>
    </message>
    <message>
        <source>It was not unlocked. Unlock it and save the key again to keep it.</source>
        <translation>密钥环未解锁。请解锁后再次保存，以便长期保留密钥。</translation>
    </message>
    <message>
        <source>A window that asks for its password may still be open. Answer it, then save the key again.</source>
        <translation>要求输入密码的窗口可能仍未关闭。请先完成输入，再重新保存密钥。</translation>
    </message>
    <message>
        <source>It reported an error, or did not give back what was stored.</source>
        <translation>密钥环报告了错误，或未能返回所保存的内容。</translation>
    </message>
    <message>
        <source>The Windows Credential Manager takes 1,280 characters. A shorter key can be kept.</source>
        <translation>Windows 凭据管理器最多保存 1,280 个字符。较短的密钥可以保存。</translation>
    </message>
    <message>
        <source>No usable keyring: a key entered here is kept for this run only.</source>
        <translation>没有可用的密钥环：在此填写的密钥仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>The system keyring is locked, so a key in it cannot be read.</source>
        <translation>系统密钥环已锁定，无法读取其中的密钥。</translation>
    </message>
    <message>
        <source>The system keyring did not answer. It may be waiting for its password.</source>
        <translation>系统密钥环没有响应，可能正在等待输入密码。</translation>
    </message>
    <message>
        <source>The system keyring reported an error, so a key in it cannot be read.</source>
        <translation>系统密钥环报告了错误，无法读取其中的密钥。</translation>
    </message>
    <message>
        <source>The key was removed.</source>
        <translation>密钥已移除。</translation>
    </message>
    <message>
        <source>The key is forgotten for this run, but may still be in the system keyring.</source>
        <translation>本次运行不再使用此密钥，但系统密钥环中可能仍有保存。</translation>
    </message>
    <message>
        <source>Kept for this run only: this system has no keyring that may be used.</source>
        <translation>仅在本次运行期间保留：系统中没有可用的密钥环。</translation>
    </message>
    <message>
        <source>Kept for this run only: the keyring is locked. Unlock it and save again.</source>
        <translation>仅在本次运行期间保留：密钥环已锁定。请解锁后再次保存。</translation>
    </message>
    <message>
        <source>Kept for this run only: the keyring did not answer. It may be asking for its password.</source>
        <translation>仅在本次运行期间保留：密钥环没有响应，可能正在等待输入密码。</translation>
    </message>
    <message>
        <source>Kept for this run only: it is too long for this keyring.</source>
        <translation>仅在本次运行期间保留：密码过长，密钥环无法保存。</translation>
    </message>
    <message>
        <source>Kept for this run only: the keyring did not take it.</source>
        <translation>仅在本次运行期间保留：密钥环未能保存。</translation>
    </message>
    <message>
        <source>A password belongs to a proxy: enter the address above first.</source>
        <translation>密码属于某个代理：请先在上面填写代理的地址。</translation>
    </message>
    <message>
        <source>A password has no control characters and is at most 255 bytes long.</source>
        <translation>密码不能包含控制字符，且不能超过 255 字节。</translation>
    </message>
    <message>
        <source>The password is forgotten for this run, but may still be in the system keyring.</source>
        <translation>本次运行已不再使用该密码，但它可能仍保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>No usable keyring: a password entered here is kept for this run only.</source>
        <translation>没有可用的密钥环：在此填写的密码仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>The system keyring is locked, so a password in it cannot be read.</source>
        <translation>系统密钥环已锁定，无法读取其中的密码。</translation>
    </message>
    <message>
        <source>The system keyring reported an error, so a password in it cannot be read.</source>
        <translation>系统密钥环报告了错误，无法读取其中的密码。</translation>
    </message>
</context>
<context>
    <name>Links</name>
    <message>
        <source>Open a link</source>
        <translation>打开链接</translation>
    </message>
    <message>
        <source>This link leads to:</source>
        <translation>此链接指向：</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>The text of the link names another address.</source>
        <translation>链接文字写的是另一个地址。</translation>
    </message>
    <message>
        <source>Before the real host stands a name that could be taken for it.</source>
        <translation>真正的主机名前面有一个名称，容易被误认为是主机名。</translation>
    </message>
    <message>
        <source>The host mixes alphabets: some of its letters may only look familiar.</source>
        <translation>主机名混用了不同的文字：有些字母可能只是看起来熟悉。</translation>
    </message>
    <message>
        <source>The host has letters beyond a to z; it is shown as it is sent.</source>
        <translation>主机名含有 a 到 z 以外的字母；这里按实际发送的形式显示。</translation>
    </message>
    <message>
        <source>The link holds signs that are invisible or turn the reading direction.</source>
        <translation>链接中含有不可见的字符或会改变阅读方向的字符。</translation>
    </message>
    <message>
        <source>The host is a bare number, not a name.</source>
        <translation>主机是一串数字，而不是名称。</translation>
    </message>
</context>
<context>
    <name>ListingChoice</name>
    <message>
        <source>Shown: {name}</source>
        <translation>当前显示：{name}</translation>
    </message>
</context>
<context>
    <name>LocationBlock</name>
    <message>
        <source>location, folder, data</source>
        <translation>位置, 文件夹, 数据</translation>
    </message>
    <message>
        <source>This system has no program that shows folders.</source>
        <translation>系统中没有可以显示文件夹的程序。</translation>
    </message>
    <message>
        <source>Your conversations are here</source>
        <translation>对话的存放位置</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>打开文件夹</translation>
    </message>
</context>
<context>
    <name>McpServers</name>
    <message>
        <source>Off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Starting again…</source>
        <translation>正在重新启动…</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>It has not been started: look at what it would run first.</source>
        <translation>尚未启动：请先查看它要运行的内容。</translation>
    </message>
    <message>
        <source>Its entry in the file cannot be used.</source>
        <translation>文件中的这个条目无法使用。</translation>
    </message>
    <message>
        <source>The program was not found in the PATH of your login shell. Install it, or give its whole path.</source>
        <translation>在登录 shell 的 PATH 中找不到这个程序。请安装它，或填写完整路径。</translation>
    </message>
    <message>
        <source>The system does not start the program.</source>
        <translation>系统无法启动这个程序。</translation>
    </message>
    <message>
        <source>It did not answer in time. Its log may say why.</source>
        <translation>它没有及时回应。日志里可能写有原因。</translation>
    </message>
    <message>
        <source>It ended. Its log may say why.</source>
        <translation>它已结束。日志里可能写有原因。</translation>
    </message>
    <message>
        <source>It writes lines that are no messages; they are in its log.</source>
        <translation>它输出了不是消息的内容；这些内容在日志里。</translation>
    </message>
    <message>
        <source>It sent a message that is too long to take.</source>
        <translation>它发来的消息过长，无法接收。</translation>
    </message>
    <message>
        <source>Its answers are not what the protocol says.</source>
        <translation>它的回应不符合协议。</translation>
    </message>
    <message>
        <source>It cannot be reached.</source>
        <translation>无法连接到它。</translation>
    </message>
    <message>
        <source>It refuses the connection.</source>
        <translation>它拒绝了连接。</translation>
    </message>
    <message>
        <source>It leads to another address, which was sent nothing. Enter that one if you trust it.</source>
        <translation>它转向了另一个地址，没有向那里发送任何内容。如果你信任那个地址，请直接填写它。</translation>
    </message>
    <message>
        <source>A value that should be in the system keyring is not there. Enter it again.</source>
        <translation>应当在系统密钥环中的一个值不见了。请重新输入。</translation>
    </message>
    <message>
        <source>It wants you to sign in.</source>
        <translation>它要求你登录。</translation>
    </message>
    <message>
        <source>Signing in did not come to an end.</source>
        <translation>登录没有完成。</translation>
    </message>
    <message>
        <source>The library for MCP cannot be loaded.</source>
        <translation>无法加载 MCP 库。</translation>
    </message>
    <message>
        <source>The file cannot be read as JSON.</source>
        <translation>无法把这个文件读作 JSON。</translation>
    </message>
    <message>
        <source>The file has no object “mcpServers”.</source>
        <translation>文件中没有 “mcpServers” 对象。</translation>
    </message>
    <message>
        <source>The entry is no object.</source>
        <translation>这个条目不是对象。</translation>
    </message>
    <message>
        <source>It needs a name.</source>
        <translation>需要一个名称。</translation>
    </message>
    <message>
        <source>There is neither a command nor an address.</source>
        <translation>既没有命令，也没有地址。</translation>
    </message>
    <message>
        <source>Its type is none of stdio, http and sse.</source>
        <translation>它的类型不是 stdio、http 或 sse。</translation>
    </message>
    <message>
        <source>A value is not of the kind that belongs there.</source>
        <translation>有一个值的类型不对。</translation>
    </message>
    <message>
        <source>The address must begin with https:// and name a host.</source>
        <translation>地址必须以 https:// 开头，并包含主机名。</translation>
    </message>
    <message>
        <source>http:// would send everything unprotected; it is allowed for this computer only.</source>
        <translation>http:// 会不加保护地发送一切内容，只允许用于本机。</translation>
    </message>
    <message>
        <source>Windows gives the arguments of .cmd and .bat files to a shell, which would read a character in them as a command.</source>
        <translation>Windows 会把 .cmd 和 .bat 文件的参数交给命令解释器，其中的某个字符会被当成命令。</translation>
    </message>
    <message>
        <source>There is a character in it that cannot stand there.</source>
        <translation>其中有一个不能出现在这里的字符。</translation>
    </message>
    <message>
        <source>Open a page</source>
        <translation>打开网页</translation>
    </message>
    <message>
        <source>The server {name} wants you to open a page of {host}.</source>
        <translation>服务器 {name} 想让你打开 {host} 的网页。</translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation>在浏览器中打开</translation>
    </message>
    <message>
        <source>1 tool</source>
        <translation>1 个工具</translation>
    </message>
    <message>
        <source>{count} tools</source>
        <translation>{count} 个工具</translation>
    </message>
</context>
<context>
    <name>NamedValues</name>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
    <message>
        <source>Add a header</source>
        <translation>添加请求头</translation>
    </message>
    <message>
        <source>Add a variable</source>
        <translation>添加变量</translation>
    </message>
    <message>
        <source>What you type here goes to the system keyring, not into the file.</source>
        <translation>在这里输入的内容会存入系统密钥环，不会写进文件。</translation>
    </message>
    <message>
        <source>Some values stand readable in the file; type them again to move them.</source>
        <translation>有些值以明文写在文件中；重新输入即可移入密钥环。</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>Variable</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>in the keyring</source>
        <translation>在密钥环中</translation>
    </message>
    <message>
        <source>in the file</source>
        <translation>在文件中</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>The file with your conversations could not be read. It was kept as {file}, and a new one was begun.</source>
        <translation>无法读取保存对话的文件。原文件已另存为 {file}，并已新建一个文件。</translation>
    </message>
    <message>
        <source>Your conversations were written by a newer version of this program. As far as this one can show them they can be read and copied; nothing is changed in them, and what you write now is not kept. Update the program to go on with them.</source>
        <translation>您的对话由本程序的较新版本写入。能显示的部分可以阅读和复制，内容不会被改动；现在写的内容不会保留。请更新程序后继续使用。</translation>
    </message>
    <message>
        <source>This version of the program could not take over your conversations without a change to them, so they were left as they are, and this run’s are not kept. The log says more.</source>
        <translation>此版本无法在不改动内容的前提下接管您的对话，因此原样保留，本次运行的对话不会保存。详情见日志。</translation>
    </message>
    <message>
        <source>The data folder cannot be written, so this run’s conversations are not kept. Allow writing to it, or choose another with --data-dir.</source>
        <translation>数据文件夹不可写，因此本次运行的对话不会保存。请允许写入该文件夹，或用 --data-dir 指定其他文件夹。</translation>
    </message>
    <message>
        <source>The data folder cannot be reached, so this run’s conversations are not kept. Check the disk it is on, or choose another with --data-dir.</source>
        <translation>无法访问数据文件夹，因此本次运行的对话不会保存。请检查其所在磁盘，或用 --data-dir 指定其他文件夹。</translation>
    </message>
    <message>
        <source>The disk is full, so this run’s conversations are not kept. Free some space and start the program again.</source>
        <translation>磁盘已满，因此本次运行的对话不会保存。请释放一些空间，然后重新启动程序。</translation>
    </message>
    <message>
        <source>Another program holds the file with your conversations, so this run’s are not kept. Close it and start this program again.</source>
        <translation>另一个程序正占用保存对话的文件，因此本次运行的对话不会保存。请关闭那个程序，然后重新启动本程序。</translation>
    </message>
    <message>
        <source>The file with your conversations cannot be opened, so this run’s are not kept. The log says more.</source>
        <translation>无法打开保存对话的文件，因此本次运行的对话不会保存。日志中有更多信息。</translation>
    </message>
    <message>
        <source>The settings file was damaged. It was kept as {file}, and the defaults are used.</source>
        <translation>设置文件已损坏。原文件已另存为 {file}，现使用默认设置。</translation>
    </message>
    <message>
        <source>No backup could be made. {reason}</source>
        <translation>无法备份。{reason}</translation>
    </message>
    <message>
        <source>The disk is full. Space that was set aside for this moment is used now, so that your conversations go on being saved. Free some space soon.</source>
        <translation>磁盘已满。现已启用为此预留的空间，对话会继续保存。请尽快释放一些空间。</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>The file with your conversations is damaged. Go back to a backup before more is lost.</source>
        <translation>存放对话的文件已损坏。请恢复备份，以免丢失更多内容。</translation>
    </message>
    <message>
        <source>A message on the disk is not what was saved: the disk may be failing. It is marked where it stands.</source>
        <translation>磁盘上有一条消息与保存时不同，磁盘可能出现故障。该消息已就地标出。</translation>
    </message>
    <message>
        <source>{count} messages on the disk are not what was saved: the disk may be failing. They are marked where they stand.</source>
        <translation>磁盘上有 {count} 条消息与保存时不同，磁盘可能出现故障。这些消息已就地标出。</translation>
    </message>
    <message>
        <source>Version {version} could not be downloaded: the connection failed.</source>
        <translation>无法下载版本 {version}：连接失败。</translation>
    </message>
    <message>
        <source>What was downloaded is not version {version} as it was published, so nothing of it was kept.</source>
        <translation>下载到的内容与已发布的版本 {version} 不一致，因此未予保留。</translation>
    </message>
    <message>
        <source>Version {version} could not be written to your downloads.</source>
        <translation>无法将版本 {version} 写入您的下载文件夹。</translation>
    </message>
    <message>
        <source>Version {version} is out.</source>
        <translation>新版本 {version} 已发布。</translation>
    </message>
    <message>
        <source>Download it</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Downloading version {version}: {percent} %</source>
        <translation>正在下载版本 {version}：{percent} %</translation>
    </message>
    <message>
        <source>{file} is in your downloads, exactly as it was published. This version stays until you install that one.</source>
        <translation>{file} 已保存到您的下载文件夹，内容与发布时完全一致。在您安装它之前，当前版本保持不变。</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>显示文件夹</translation>
    </message>
    <message>
        <source>Show it in the browser</source>
        <translation>在浏览器中查看</translation>
    </message>
</context>
<context>
    <name>OffersDialog</name>
    <message>
        <source>Asking the servers…</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>resource</source>
        <translation>资源</translation>
    </message>
    <message>
        <source>No server that is running offers a resource or a prompt.</source>
        <translation>正在运行的服务器都没有提供资源或提示词。</translation>
    </message>
    <message>
        <source>Insert from an MCP server</source>
        <translation>从 MCP 服务器插入</translation>
    </message>
    <message>
        <source>It is put into your message, where you can read it before you send it.</source>
        <translation>内容会放进你的消息里，发送前可以先看一遍。</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Resources and prompts</source>
        <translation>资源和提示词</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>插入</translation>
    </message>
</context>
<context>
    <name>OptionalNumber</name>
    <message>
        <source>Set {name}</source>
        <translation>设置{name}</translation>
    </message>
    <message>
        <source>{name} slider</source>
        <translation>{name}滑块</translation>
    </message>
</context>
<context>
    <name>Outgoing</name>
    <message>
        <source>There is nothing in it to send.</source>
        <translation>其中没有可发送的内容。</translation>
    </message>
    <message>
        <source>The answer failed before it had any text.</source>
        <translation>回答在产生文字之前就失败了。</translation>
    </message>
    <message>
        <source>The answer was stopped or broke off before it had any text.</source>
        <translation>回答在产生文字之前就被停止或中断了。</translation>
    </message>
    <message>
        <source>It is thinking without an answer, which no service takes back.</source>
        <translation>只有思考而没有回答，没有任何服务会接收它。</translation>
    </message>
    <message>
        <source>This server does not take thinking back.</source>
        <translation>此服务器不接收回传的思考。</translation>
    </message>
    <message>
        <source>It was not kept in the form in which the server takes it back.</source>
        <translation>没有按服务器能接收的形式保存下来。</translation>
    </message>
    <message>
        <source>The call has no result; a server would refuse the whole conversation.</source>
        <translation>此调用没有结果；服务器会因此拒绝整个对话。</translation>
    </message>
    <message>
        <source>The call that it answers is not sent.</source>
        <translation>它所对应的调用没有发送。</translation>
    </message>
    <message>
        <source>Another result of the same call is sent; a server takes one.</source>
        <translation>已发送同一调用的另一个结果；服务器只接收一个。</translation>
    </message>
    <message>
        <source>You left it out.</source>
        <translation>您选择了不发送。</translation>
    </message>
    <message>
        <source>The model’s window is full; the oldest turns leave first.</source>
        <translation>模型的窗口已满；最早的对话轮次最先移出。</translation>
    </message>
    <message>
        <source>The summary is sent in its place.</source>
        <translation>已改为发送摘要。</translation>
    </message>
    <message>
        <source>It is of another program’s tools, which are not known here.</source>
        <translation>它属于另一个程序的工具，这里并不认识。</translation>
    </message>
    <message>
        <source>It does not stand in the request that was recorded.</source>
        <translation>记录下来的请求中没有它。</translation>
    </message>
    <message>
        <source>Its arguments or its name are broken, so sound ones are sent.</source>
        <translation>其参数或名称有误，因此发送的是可用的替代内容。</translation>
    </message>
    <message>
        <source>It came from another kind of server, so its text is sent in a new form.</source>
        <translation>它来自另一类服务器，因此以新的形式发送其文字。</translation>
    </message>
    <message>
        <source>It is sent inside the answer’s text.</source>
        <translation>它包含在回答的文字中一起发送。</translation>
    </message>
    <message>
        <source>It is sent under a new id, since servers refuse one that is empty or taken.</source>
        <translation>以新的标识发送，因为服务器会拒绝空的或已被占用的标识。</translation>
    </message>
    <message>
        <source>What became of the call is not known; the model is told so.</source>
        <translation>此调用的结果不明；已如实告知模型。</translation>
    </message>
    <message>
        <source>Edit summary…</source>
        <translation>编辑摘要…</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Sent in place of the earlier messages</source>
        <translation>代替之前的消息发送</translation>
    </message>
    <message>
        <source>Summarise what is left out</source>
        <translation>为未发送的部分写摘要</translation>
    </message>
    <message>
        <source>Context…</source>
        <translation>上下文…</translation>
    </message>
    <message>
        <source>Tools ({count})</source>
        <translation>工具（{count}）</translation>
    </message>
    <message>
        <source>Around the messages</source>
        <translation>消息之外的开销</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>不发送</translation>
    </message>
    <message>
        <source>Partly sent</source>
        <translation>部分发送</translation>
    </message>
    <message>
        <source>Sent, changed</source>
        <translation>发送，有改动</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>Your next message: {text}</source>
        <translation>您的下一条消息：{text}</translation>
    </message>
    <message>
        <source>Turn {turn}: {text}</source>
        <translation>第 {turn} 轮：{text}</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Tool call</source>
        <translation>工具调用</translation>
    </message>
    <message>
        <source>Tool result</source>
        <translation>工具结果</translation>
    </message>
    <message>
        <source>Sent, changed: {reason}</source>
        <translation>发送，有改动：{reason}</translation>
    </message>
    <message>
        <source>Not sent: {reason}</source>
        <translation>不发送：{reason}</translation>
    </message>
    <message>
        <source>{share}, full</source>
        <translation>{share}，已满</translation>
    </message>
    <message>
        <source>{tokens} tokens</source>
        <translation>{tokens} 个 token</translation>
    </message>
    <message>
        <source>{share} of {window}</source>
        <translation>{window} 的 {share}</translation>
    </message>
    <message>
        <source>full</source>
        <translation>已满</translation>
    </message>
    <message>
        <source>about {cost}</source>
        <translation>约 {cost}</translation>
    </message>
    <message>
        <source>Context of the next request: {meter}</source>
        <translation>下一次请求的上下文：{meter}</translation>
    </message>
    <message>
        <source>Earlier messages are not sent</source>
        <translation>之前的消息不会发送</translation>
    </message>
    <message>
        <source>Estimated, and corrected by what the server counted here: ±{error}%.</source>
        <translation>估算值，已按服务器在此对话中的计数修正：±{error}%。</translation>
    </message>
    <message>
        <source>Estimated by the scripts of the texts: ±{error}% for English, Chinese and code, more for others.</source>
        <translation>按文字种类估算：英文、中文和代码 ±{error}%，其他文字误差更大。</translation>
    </message>
    <message>
        <source>{reserve} tokens are kept for the answer.</source>
        <translation>为回答预留 {reserve} 个 token。</translation>
    </message>
    <message>
        <source>The price is without the answer, and without the service’s cache.</source>
        <translation>价格不含回答，也未计入服务的缓存。</translation>
    </message>
    <message>
        <source>There is no room for it: it would not be sent.</source>
        <translation>放不下：不会发送。</translation>
    </message>
    <message>
        <source>Chain complete: all that was thought and said is sent.</source>
        <translation>链条完整：所有思考和内容都会发送。</translation>
    </message>
    <message>
        <source>Chain cut at turn {turn}: {reason}</source>
        <translation>链条在第 {turn} 轮断开：{reason}</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Model: {name}</source>
        <translation>模型：{name}</translation>
    </message>
    <message>
        <source>Settings: {name}</source>
        <translation>设置：{name}</translation>
    </message>
    <message>
        <source>Attach {name}</source>
        <translation>附上 {name}</translation>
    </message>
    <message>
        <source>Prompt: {name}</source>
        <translation>提示词：{name}</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
</context>
<context>
    <name>ParametersDialog</name>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Parameters of this conversation</source>
        <translation>此对话的参数</translation>
    </message>
    <message>
        <source>Only what is set here is sent; the server decides the rest.</source>
        <translation>只发送在此设置的参数，其余由服务器决定。</translation>
    </message>
    <message>
        <source>&amp;System prompt</source>
        <translation>系统提示词(&amp;S)</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>Instructions that stand before the first message.</source>
        <translation>位于第一条消息之前的指令。</translation>
    </message>
    <message>
        <source>Not set – server default {number}</source>
        <translation>未设置 – 服务器默认值 {number}</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Lower is more predictable, higher more varied.</source>
        <translation>数值越低越稳定，越高越多样。</translation>
    </message>
    <message>
        <source>Top P</source>
        <translation>Top P</translation>
    </message>
    <message>
        <source>Leaves out the least likely words. Change this or the temperature, not both.</source>
        <translation>排除可能性最低的词。请只调整此项或温度之一。</translation>
    </message>
    <message>
        <source>Max tokens</source>
        <translation>最大 token 数</translation>
    </message>
    <message>
        <source>The longest answer, thinking included. Too few leave no room for an answer.</source>
        <translation>回答的最大长度，包含思考。设置过小会没有余地输出回答。</translation>
    </message>
    <message>
        <source>Not set – the server’s own limit</source>
        <translation>未设置 – 使用服务器自身的上限</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>PasswordInput</name>
    <message>
        <source>Password at the proxy</source>
        <translation>代理的密码</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>显示密码</translation>
    </message>
    <message>
        <source>Hide the password</source>
        <translation>隐藏密码</translation>
    </message>
</context>
<context>
    <name>PermissionsBlock</name>
    <message>
        <source>Show {count} more</source>
        <translation>再显示 {count} 个</translation>
    </message>
    <message>
        <source>In “{title}”</source>
        <translation>在“{title}”中</translation>
    </message>
    <message>
        <source>In an untitled conversation</source>
        <translation>在未命名的对话中</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Withdraw the permission for {tool}</source>
        <translation>撤销“{tool}”的许可</translation>
    </message>
    <message>
        <source>Standing permissions</source>
        <translation>长期许可</translation>
    </message>
    <message>
        <source>Tools that you allowed for a whole conversation. They are asked about again once you withdraw that, and whenever a tool is not what it was.</source>
        <translation>你在整个对话中允许使用的工具。撤销之后，或者工具与当时不同，都会再次询问。</translation>
    </message>
    <message>
        <source>None at the moment.</source>
        <translation>目前没有。</translation>
    </message>
</context>
<context>
    <name>ProxyPasswordRow</name>
    <message>
        <source>Goes with the address above, and is kept in the system keyring.</source>
        <translation>与上面的地址配套使用，保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>Looking in the system keyring…</source>
        <translation>正在查询系统密钥环…</translation>
    </message>
    <message>
        <source>Stored in the system keyring. A new one replaces it.</source>
        <translation>已保存在系统密钥环中。填写新密码会替换它。</translation>
    </message>
    <message>
        <source>Kept for this run only.</source>
        <translation>仅在本次运行期间保留。</translation>
    </message>
    <message>
        <source>None yet. It goes to the system keyring; only an https:// proxy receives it encrypted.</source>
        <translation>尚未填写。密码会保存到系统密钥环；只有 https:// 代理才会以加密方式接收它。</translation>
    </message>
    <message>
        <source>Password at the proxy</source>
        <translation>代理的密码</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save the password</source>
        <translation>保存密码</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the password</source>
        <translation>移除密码</translation>
    </message>
</context>
<context>
    <name>QuestionNotice</name>
    <message>
        <source>A tool waits for your permission in “{title}”.</source>
        <translation>“{title}”中有工具在等待您的许可。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
</context>
<context>
    <name>ReadingDialog</name>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>RegionDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Which region does the key belong to?</source>
        <translation>这个密钥属于哪个地区？</translation>
    </message>
    <message>
        <source>{refused} does not accept the API key. {other} can be asked whether it belongs to {name}.</source>
        <translation>{refused} 不接受此 API 密钥。可以询问 {other} 它是否属于{name}。</translation>
    </message>
    <message>
        <source>For this the key is sent to {other}, once. Nothing else is sent there.</source>
        <translation>为此会将密钥发送到 {other}，仅此一次，不会发送其他内容。</translation>
    </message>
    <message>
        <source>Send the key and ask {other}</source>
        <translation>发送密钥并询问 {other}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Regions</name>
    <message>
        <source>International</source>
        <translation>国际</translation>
    </message>
    <message>
        <source>China</source>
        <translation>中国</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>演示</translation>
    </message>
</context>
<context>
    <name>RequestPage</name>
    <message>
        <source>Body</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>标头</translation>
    </message>
    <message>
        <source>Exactly as &amp;sent</source>
        <translation>与发送时完全一致(&amp;S)</translation>
    </message>
    <message>
        <source>Request body</source>
        <translation>请求正文</translation>
    </message>
    <message>
        <source>Request headers</source>
        <translation>请求标头</translation>
    </message>
</context>
<context>
    <name>Search</name>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我的消息</translation>
    </message>
</context>
<context>
    <name>SearchPanel</name>
    <message>
        <source>{count} found</source>
        <translation>找到 {count} 条</translation>
    </message>
    <message>
        <source>Older messages are still being read; more may be found in a moment.</source>
        <translation>仍在读取较早的消息，稍后可能会找到更多结果。</translation>
    </message>
    <message>
        <source>Nothing is searched: choose where to look.</source>
        <translation>未选择搜索范围，请选择要搜索的内容。</translation>
    </message>
    <message>
        <source>Nothing found in the trash. Searched: {scopes}.</source>
        <translation>回收站中没有找到结果。已搜索：{scopes}。</translation>
    </message>
    <message>
        <source>Nothing found. Searched: {scopes}.</source>
        <translation>没有找到结果。已搜索：{scopes}。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>The search is narrowed</source>
        <translation>搜索范围已缩小</translation>
    </message>
    <message>
        <source>Search results</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Narrow the search</source>
        <translation>缩小搜索范围</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>搜索全部内容</translation>
    </message>
</context>
<context>
    <name>ServerDialog</name>
    <message>
        <source>There is a server of this name.</source>
        <translation>已有同名的服务器。</translation>
    </message>
    <message>
        <source>Add a server</source>
        <translation>添加服务器</translation>
    </message>
    <message>
        <source>Change the server</source>
        <translation>修改服务器</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Kind</source>
        <translation>类型(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Program</source>
        <translation>程序(&amp;P)</translation>
    </message>
    <message>
        <source>A&amp;rguments</source>
        <translation>参数(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Address</source>
        <translation>地址(&amp;A)</translation>
    </message>
    <message>
        <source>A program on this computer</source>
        <translation>本机上的程序</translation>
    </message>
    <message>
        <source>An address (streamable HTTP)</source>
        <translation>网络地址（Streamable HTTP）</translation>
    </message>
    <message>
        <source>An address of the older kind (SSE)</source>
        <translation>旧式网络地址（SSE）</translation>
    </message>
    <message>
        <source>Your home folder</source>
        <translation>你的主文件夹</translation>
    </message>
    <message>
        <source>One a line, without quotes. They go to the program as they are; no shell reads them.</source>
        <translation>每行一个，不加引号。参数会原样交给程序，不经过 shell。</translation>
    </message>
    <message>
        <source>If it wants you to sign in, you are asked before a page is opened.</source>
        <translation>如果它要求登录，打开网页之前会先询问你。</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>May ask the model for texts</source>
        <translation>允许向模型请求文本</translation>
    </message>
    <message>
        <source>Its requests cost tokens of your account. Leave it off unless it needs this.</source>
        <translation>它的请求会消耗你账户的 token。不需要时请保持关闭。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save and start</source>
        <translation>保存并启动</translation>
    </message>
</context>
<context>
    <name>ServerImportDialog</name>
    <message>
        <source>Not everything can be brought in.</source>
        <translation>有些条目无法导入。</translation>
    </message>
    <message>
        <source>Choose a file with MCP servers</source>
        <translation>选择含有 MCP 服务器的文件</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON 文件 (*.json)</translation>
    </message>
    <message>
        <source>The file cannot be written: {reason}</source>
        <translation>无法写入文件：{reason}</translation>
    </message>
    <message>
        <source>Import servers</source>
        <translation>导入服务器</translation>
    </message>
    <message>
        <source>From a file of Claude Desktop, Cursor or Cherry Studio. They are brought in switched off, and their secrets go to the system keyring.</source>
        <translation>从 Claude Desktop、Cursor 或 Cherry Studio 的文件导入。导入后默认关闭，其中的密钥会存入系统密钥环。</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Bring in</source>
        <translation>导入</translation>
    </message>
</context>
<context>
    <name>ServerRow</name>
    <message>
        <source>Review and start…</source>
        <translation>查看并启动…</translation>
    </message>
    <message>
        <source>Review and start {name}</source>
        <translation>查看并启动 {name}</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>登录…</translation>
    </message>
    <message>
        <source>Sign in to {name}</source>
        <translation>登录 {name}</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Restart {name}</source>
        <translation>重新启动 {name}</translation>
    </message>
    <message>
        <source>Tools…</source>
        <translation>工具…</translation>
    </message>
    <message>
        <source>Tools of {name}</source>
        <translation>{name} 的工具</translation>
    </message>
    <message>
        <source>Log…</source>
        <translation>日志…</translation>
    </message>
    <message>
        <source>Log of {name}</source>
        <translation>{name} 的日志</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Edit {name}</source>
        <translation>编辑 {name}</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Sign out of {name}</source>
        <translation>退出 {name} 的登录</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>使用 {name}</translation>
    </message>
</context>
<context>
    <name>ServersBlock</name>
    <message>
        <source>MCP servers, tools, import, log, restart</source>
        <translation>MCP 服务器、工具、导入、日志、重启</translation>
    </message>
    <message>
        <source>Remove the server {name}?</source>
        <translation>移除服务器 {name}？</translation>
    </message>
    <message>
        <source>Its values and tokens are taken out of the system keyring too.</source>
        <translation>它的值和令牌也会从系统密钥环中删除。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The system keyring does not keep the values: they last until you quit.</source>
        <translation>系统密钥环没有保存这些值：它们只在退出前有效。</translation>
    </message>
    <message>
        <source>What the server tells the model of its tools. A server can write anything here: read it as you would a stranger&apos;s words.</source>
        <translation>服务器告诉模型的工具说明。服务器可以在这里写任何内容：请像看待陌生人的话那样看待它。</translation>
    </message>
    <message>
        <source>Tools of {name}</source>
        <translation>{name} 的工具</translation>
    </message>
    <message>
        <source>Instructions of the server (they are not sent to the model)</source>
        <translation>服务器的说明（不会发送给模型）</translation>
    </message>
    <message>
        <source>Arguments: {names}</source>
        <translation>参数：{names}</translation>
    </message>
    <message>
        <source>What the server wrote to standard error, what was no message, and what became of it. Secrets that the program knows are left out.</source>
        <translation>服务器写到标准错误的内容、不是消息的输出，以及它的经历。本程序知道的密钥已被去除。</translation>
    </message>
    <message>
        <source>Log of {name}</source>
        <translation>{name} 的日志</translation>
    </message>
    <message>
        <source>program</source>
        <translation>本程序</translation>
    </message>
    <message>
        <source>server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>The file cannot be written: {reason}</source>
        <translation>无法写入文件：{reason}</translation>
    </message>
    <message>
        <source>Servers that speak the Model Context Protocol give the model tools. Each call is shown to you first. Nothing is started before you agree to its exact command line.</source>
        <translation>支持模型上下文协议（MCP）的服务器为模型提供工具。每次调用都会先给你看。在你同意确切的命令行之前，不会启动任何程序。</translation>
    </message>
    <message>
        <source>There are no servers yet.</source>
        <translation>还没有服务器。</translation>
    </message>
    <message>
        <source>Add a server…</source>
        <translation>添加服务器…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>From a file of Claude Desktop, Cursor or Cherry Studio</source>
        <translation>从 Claude Desktop、Cursor 或 Cherry Studio 的文件</translation>
    </message>
    <message>
        <source>Read the file again</source>
        <translation>重新读取文件</translation>
    </message>
    <message>
        <source>Show the file</source>
        <translation>显示文件</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Reset {name}</source>
        <translation>重置{name}</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Tools and permissions</source>
        <translation>工具与权限</translation>
    </message>
    <message>
        <source>MCP servers</source>
        <translation>MCP 服务器</translation>
    </message>
    <message>
        <source>Appearance and language</source>
        <translation>外观与语言</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Model for new conversations</source>
        <translation>新对话使用的模型</translation>
    </message>
    <message>
        <source>Each conversation remembers its own model; this one is used for new ones.</source>
        <translation>每个对话会记住自己的模型；新对话使用这里选择的模型。</translation>
    </message>
    <message>
        <source>Send messages with</source>
        <translation>发送消息的按键</translation>
    </message>
    <message>
        <source>The other combination starts a new line.</source>
        <translation>另一种按键组合用于换行。</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter 键</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter 组合键</translation>
    </message>
    <message>
        <source>While an answer is written</source>
        <translation>回答生成时</translation>
    </message>
    <message>
        <source>Scrolling up always stops the text where it is; at the end it moves on again.</source>
        <translation>向上滚动后，文字随即停在原处；回到末尾时，又会继续跟随。</translation>
    </message>
    <message>
        <source>Follow its end</source>
        <translation>跟随末尾</translation>
    </message>
    <message>
        <source>Stop when its first line reaches the top</source>
        <translation>首行到达顶部时停下</translation>
    </message>
    <message>
        <source>Do not move</source>
        <translation>保持不动</translation>
    </message>
    <message>
        <source>Let the model name conversations</source>
        <translation>让模型为对话命名</translation>
    </message>
    <message>
        <source>After the first answer, the model that gave it is asked once more for a short title. This costs some tokens and sends the beginning of both texts again; a title of your own is never replaced.</source>
        <translation>首个回答完成后，再请给出该回答的模型取一个简短的标题。这会消耗一些 token，并再次发送问题和回答的开头；您自己取的标题不会被替换。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light or dark; the system&apos;s choice is followed at once.</source>
        <translation>浅色或深色；跟随系统时会立即切换。</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of menus and messages, not of the answers.</source>
        <translation>菜单和提示信息的语言，与回答的语言无关。</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>动态效果</translation>
    </message>
    <message>
        <source>Answers arrive in lumps and are shown evenly, word by word; with reduced motion they are shown as they come, and nothing pulses.</source>
        <translation>回答总是成段到达，会逐词均匀地显示；减弱动态效果后，则到达多少显示多少，也不再有闪烁。</translation>
    </message>
    <message>
        <source>Even</source>
        <translation>均匀显示</translation>
    </message>
    <message>
        <source>Reduced</source>
        <translation>减弱</translation>
    </message>
    <message>
        <source>Text size in conversations</source>
        <translation>对话文字大小</translation>
    </message>
    <message>
        <source>Ctrl++ and Ctrl+- change it too.</source>
        <translation>也可以用 Ctrl++ 和 Ctrl+- 调整。</translation>
    </message>
    <message>
        <source>Wrap long lines of code</source>
        <translation>代码长行自动换行</translation>
    </message>
    <message>
        <source>Otherwise code scrolls sideways; each block has a button for the other way.</source>
        <translation>关闭后代码可横向滚动；每个代码块都有按钮可切换到另一种方式。</translation>
    </message>
    <message>
        <source>Fold long code</source>
        <translation>折叠长代码</translation>
    </message>
    <message>
        <source>Code of more than 24 lines shows its beginning when a conversation is opened, and the rest on a click; it is copied and found as a whole either way.</source>
        <translation>打开对话时，超过 24 行的代码只显示开头，点击后显示其余部分；无论是否折叠，都会完整地复制和查找。</translation>
    </message>
    <message>
        <source>Give up connecting after</source>
        <translation>连接超时时间</translation>
    </message>
    <message>
        <source>How long to wait for the server to take the connection.</source>
        <translation>等待服务器接受连接的最长时间。</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Give up waiting for an answer after</source>
        <translation>等待回答的超时时间</translation>
    </message>
    <message>
        <source>How long the server may take until it begins to answer.</source>
        <translation>服务器开始回答前允许的最长时间。</translation>
    </message>
    <message>
        <source>Give up on a silent answer after</source>
        <translation>回答静默的超时时间</translation>
    </message>
    <message>
        <source>How long nothing may arrive while an answer streams. An answer as a whole may take as long as it likes.</source>
        <translation>回答传输过程中允许没有数据到达的最长时间。整个回答的时长不受限制。</translation>
    </message>
    <message>
        <source>The address of the proxy is missing.</source>
        <translation>缺少代理的地址。</translation>
    </message>
    <message>
        <source>The address has to begin with http://, https:// or socks5://.</source>
        <translation>地址必须以 http://、https:// 或 socks5:// 开头。</translation>
    </message>
    <message>
        <source>The address has to be a host and a port, such as proxy.example:3128.</source>
        <translation>地址必须由主机和端口组成，例如 proxy.example:3128。</translation>
    </message>
    <message>
        <source>The port cannot be used.</source>
        <translation>端口无法使用。</translation>
    </message>
    <message>
        <source>A user name and password have fields of their own below.</source>
        <translation>用户名和密码请填写在下面各自的栏中。</translation>
    </message>
    <message>
        <source>A user name has no colon and is at most 255 bytes long.</source>
        <translation>用户名不能包含冒号，且不能超过 255 字节。</translation>
    </message>
    <message>
        <source>The system’s is that of the variable HTTPS_PROXY or else of the desktop’s settings; files for automatic configuration (PAC) are not evaluated here. This computer itself is always reached without one.</source>
        <translation>系统代理取自环境变量 HTTPS_PROXY，未设置时取自桌面设置；此处不执行自动配置文件 (PAC)。访问本机时始终不使用代理。</translation>
    </message>
    <message>
        <source>Tell me of new versions</source>
        <translation>有新版本时提醒我</translation>
    </message>
    <message>
        <source>At the start, once a day at most, the project’s page on GitHub is asked which version is the newest; nothing about you is sent, and nothing is downloaded before you click.</source>
        <translation>启动时向本项目的 GitHub 页面查询最新版本，每天最多一次；不发送任何与您有关的信息，在您点击之前也不下载任何内容。</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>The system’s</source>
        <translation>系统代理</translation>
    </message>
    <message>
        <source>None</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>The address below</source>
        <translation>使用下面的地址</translation>
    </message>
    <message>
        <source>Address of the proxy</source>
        <translation>代理的地址</translation>
    </message>
    <message>
        <source>Such as http://proxy.example:3128 or socks5://127.0.0.1:1080.</source>
        <translation>例如 http://proxy.example:3128 或 socks5://127.0.0.1:1080。</translation>
    </message>
    <message>
        <source>User name at the proxy</source>
        <translation>代理的用户名</translation>
    </message>
    <message>
        <source>For a proxy that asks who is there; leave it empty for one that does not.</source>
        <translation>用于需要验证身份的代理；不需要时请留空。</translation>
    </message>
    <message>
        <source>File with your own certificates</source>
        <translation>自己的证书文件</translation>
    </message>
    <message>
        <source>A PEM file whose authorities are trusted beside those of the system; a company’s proxy or a server of your own may need it.</source>
        <translation>PEM 文件，其中的证书颁发机构会与系统的一同受信任；公司的代理或您自己的服务器可能需要它。</translation>
    </message>
    <message>
        <source>Repeat refused requests</source>
        <translation>自动重试被拒绝的请求</translation>
    </message>
    <message>
        <source>When the service is overloaded or limits the rate, ask again by itself: a few times, with growing pauses, and never once anything of the answer has come.</source>
        <translation>服务过载或限制请求频率时自动再次请求：只试几次，间隔逐渐变长；一旦收到回答的任何内容，就不再重发。</translation>
    </message>
    <message>
        <source>Thinking in exported texts</source>
        <translation>导出文本中的思考</translation>
    </message>
    <message>
        <source>In Markdown, web pages and PDF; a PDF cannot fold.</source>
        <translation>适用于 Markdown、网页和 PDF；PDF 无法折叠。</translation>
    </message>
    <message>
        <source>Folded</source>
        <translation>折叠</translation>
    </message>
    <message>
        <source>Quoted</source>
        <translation>引用</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>不包含</translation>
    </message>
    <message>
        <source>Keep what goes over the wire</source>
        <translation>保留网络收发内容</translation>
    </message>
    <message>
        <source>Each request and each event of its answer stay on this computer with the message; the key is never among them.</source>
        <translation>每个请求及其回答的每个事件都随消息保存在这台电脑上；其中绝不包含密钥。</translation>
    </message>
    <message>
        <source>Room for that</source>
        <translation>为此留出的空间</translation>
    </message>
    <message>
        <source>Compressed; beyond it the oldest are dropped first.</source>
        <translation>按压缩后计算；超出后先删除最旧的。</translation>
    </message>
    <message>
        <source>Rounds of tools for one question</source>
        <translation>每个问题的工具轮数</translation>
    </message>
    <message>
        <source>After so many requests for tools the model is asked to answer with what it has found.</source>
        <translation>工具请求达到这么多次之后，会请模型用已经找到的内容作答。</translation>
    </message>
    <message>
        <source>Longest time for one call</source>
        <translation>单次调用的最长时间</translation>
    </message>
    <message>
        <source>A tool that takes longer is ended, and the model is told.</source>
        <translation>超时的工具会被终止，并告知模型。</translation>
    </message>
    <message>
        <source>Longest result for the model</source>
        <translation>给模型的结果最大长度</translation>
    </message>
    <message>
        <source>In characters. Of a longer one the model gets the beginning and the end, with a note on what is missing; you keep all of it.</source>
        <translation>以字符计。更长的结果只把开头和结尾交给模型，并注明省略了多少；完整内容会为你保留。</translation>
    </message>
    <message>
        <source>Let built-in tools read without asking</source>
        <translation>允许内置工具直接读取，不再询问</translation>
    </message>
    <message>
        <source>Those that only look at what you granted, change nothing and tell nobody. What they find goes to the model.</source>
        <translation>仅限只查看你授权的内容、不作改动也不对外发送的工具。它们找到的内容会交给模型。</translation>
    </message>
    <message>
        <source>Current time</source>
        <translation>当前时间</translation>
    </message>
    <message>
        <source>Reads the clock of this computer, here or in the time zones that are asked for.</source>
        <translation>读取本机时钟，给出本地或所问时区的时间。</translation>
    </message>
    <message>
        <source>Calculator</source>
        <translation>计算器</translation>
    </message>
    <message>
        <source>Works out a formula, with exact fractions where it can.</source>
        <translation>计算算式，能精确时用分数精确计算。</translation>
    </message>
    <message>
        <source>List a folder</source>
        <translation>列出文件夹</translation>
    </message>
    <message>
        <source>Sees names, sizes and dates of what is in the folders that you granted.</source>
        <translation>查看你授权的文件夹中各项的名称、大小和日期。</translation>
    </message>
    <message>
        <source>Read a file</source>
        <translation>读取文件</translation>
    </message>
    <message>
        <source>Reads texts in the folders that you granted; what it reads goes to the model, and so to its service.</source>
        <translation>读取你授权的文件夹中的文本；读到的内容会交给模型，也就会发送到它的服务。</translation>
    </message>
    <message>
        <source>Search files</source>
        <translation>搜索文件</translation>
    </message>
    <message>
        <source>Looks for names and for words in texts, in the folders that you granted.</source>
        <translation>在你授权的文件夹中查找文件名和文本中的词语。</translation>
    </message>
    <message>
        <source>Write a file</source>
        <translation>写入文件</translation>
    </message>
    <message>
        <source>Creates and replaces texts in the folders that you granted; you are shown what changes before it does.</source>
        <translation>在你授权的文件夹中新建或替换文本；改动之前会先给你看改了什么。</translation>
    </message>
    <message>
        <source>Read a web page</source>
        <translation>读取网页</translation>
    </message>
    <message>
        <source>Asks a server for a page and reads its text. The server learns your address, and whatever the model writes into that of the page.</source>
        <translation>向服务器请求网页并读取其文字。服务器会得知你的网络地址，以及模型写进网址里的任何内容。</translation>
    </message>
    <message>
        <source>Run Python</source>
        <translation>运行 Python</translation>
    </message>
    <message>
        <source>Runs code of the model in a process of its own, with limits to time, memory and output. It can read and change whatever you can; the network is cut off where the system allows that, and the result says when it was not.</source>
        <translation>在单独的进程中运行模型写的代码，限制时间、内存和输出。凡是你能读取和更改的，它也能；系统允许时会切断网络，未能切断时会在结果中说明。</translation>
    </message>
    <message>
        <source>Read pages of this computer and its network</source>
        <translation>读取本机及所在网络的网页</translation>
    </message>
    <message>
        <source>Routers, printers and programs on this computer often trust whoever is inside, so the model reads nothing of theirs unless this is on. It also leaves looking up names to the proxy, where there is one.</source>
        <translation>路由器、打印机和本机上的程序往往信任内部的访问者，因此除非打开此项，模型不会读取它们的任何内容。打开后，若有代理，域名也交由代理解析。</translation>
    </message>
    <message>
        <source>Each line has to be the whole path of a folder.</source>
        <translation>每一行都必须是文件夹的完整路径。</translation>
    </message>
    <message>
        <source>Folders that tools may use</source>
        <translation>工具可以使用的文件夹</translation>
    </message>
    <message>
        <source>Files outside of them cannot be reached; hidden places for keys and passwords, such as .ssh and .env, not even inside.</source>
        <translation>此外的文件无法访问；即使在其中，.ssh、.env 等存放密钥和密码的隐藏位置也不能访问。</translation>
    </message>
    <message>
        <source>Built-in tools</source>
        <translation>内置工具</translation>
    </message>
    <message>
        <source>folders, files, permissions, tools</source>
        <translation>文件夹, 文件, 权限, 工具</translation>
    </message>
    <message>
        <source>permissions, allowed, tools, withdraw</source>
        <translation>许可, 权限, 允许, 工具, 撤销</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>No setting has “{words}” in its name or description.</source>
        <translation>没有名称或说明包含“{words}”的设置。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Your conversations will stand here.</source>
        <translation>您的对话会显示在这里。</translation>
    </message>
    <message>
        <source>No title holds these words.</source>
        <translation>没有标题包含这些文字。</translation>
    </message>
    <message>
        <source>The archive is empty.</source>
        <translation>归档是空的。</translation>
    </message>
    <message>
        <source>The trash is empty. What is deleted stays here for {days} days.</source>
        <translation>回收站是空的。删除的内容会在这里保留 {days} 天。</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Search conversations</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>Starters</name>
    <message>
        <source>What shall we think about?</source>
        <translation>今天想思考些什么？</translation>
    </message>
    <message>
        <source>Plan a weekend in Hangzhou, with a table</source>
        <translation>规划一次杭州周末之旅，用表格列出</translation>
    </message>
    <message>
        <source>Explain why quicksort is fast, with code and the maths</source>
        <translation>解释快速排序为什么快，附上代码和数学推导</translation>
    </message>
    <message>
        <source>How many minutes are left of this year? Use tools</source>
        <translation>用工具算一算，今年还剩多少分钟</translation>
    </message>
    <message>
        <source>用中文介绍一下交错思维（interleaved thinking）</source>
        <translation>用中文介绍一下交错思维（interleaved thinking）</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>waiting for the first token</source>
        <translation>等待首个 token</translation>
    </message>
    <message>
        <source>thinking</source>
        <translation>思考中</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>回答中</translation>
    </message>
    <message>
        <source>waiting for your permission</source>
        <translation>等待您的许可</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>error</source>
        <translation>出错</translation>
    </message>
    <message>
        <source>no data for {seconds} s</source>
        <translation>已有 {seconds} 秒没有数据</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>about {count} tokens/s</source>
        <translation>约 {count} 个 token/秒</translation>
    </message>
    <message>
        <source>preparing tools</source>
        <translation>正在准备工具</translation>
    </message>
    <message>
        <source>running {tool}</source>
        <translation>正在运行 {tool}</translation>
    </message>
    <message>
        <source>round {number} of {most}</source>
        <translation>第 {number} 轮，最多 {most} 轮</translation>
    </message>
    <message>
        <source>retrying in {seconds} s</source>
        <translation>{seconds} 秒后重试</translation>
    </message>
</context>
<context>
    <name>Storage</name>
    <message>
        <source>An open conversation could not be saved, so nothing was replaced.</source>
        <translation>有打开的对话未能保存，因此没有替换任何内容。</translation>
    </message>
    <message>
        <source>The copy was not finished.</source>
        <translation>副本没有完成。</translation>
    </message>
    <message>
        <source>The copy is none of this program’s.</source>
        <translation>该副本不属于本程序。</translation>
    </message>
    <message>
        <source>The file for conversations is damaged, so it was not copied.</source>
        <translation>存放对话的文件已损坏，因此没有复制。</translation>
    </message>
    <message>
        <source>A newer version of this program wrote these conversations; nothing is changed here.</source>
        <translation>这些对话由本程序的较新版本写入，此处不作改动。</translation>
    </message>
    <message>
        <source>The file for conversations is closed.</source>
        <translation>存放对话的文件已关闭。</translation>
    </message>
    <message>
        <source>The disk is full, so nothing can be saved until there is space.</source>
        <translation>磁盘已满，释放空间之前无法保存。</translation>
    </message>
    <message>
        <source>The folder for conversations is read-only, so nothing can be saved there.</source>
        <translation>存放对话的文件夹是只读的，无法保存。</translation>
    </message>
    <message>
        <source>The file for conversations cannot be opened or made; check its folder.</source>
        <translation>无法打开或创建存放对话的文件，请检查其所在文件夹。</translation>
    </message>
    <message>
        <source>Another program is using the file for conversations; try again in a moment.</source>
        <translation>另一个程序正在使用存放对话的文件，请稍后再试。</translation>
    </message>
    <message>
        <source>The file for conversations is damaged.</source>
        <translation>存放对话的文件已损坏。</translation>
    </message>
    <message>
        <source>The disk reported an error while conversations were read or saved.</source>
        <translation>读取或保存对话时磁盘报告了错误。</translation>
    </message>
    <message>
        <source>This is too large to be saved.</source>
        <translation>内容过大，无法保存。</translation>
    </message>
    <message>
        <source>This does not fit what was saved before, so it was not saved.</source>
        <translation>这与之前保存的内容不符，因此没有保存。</translation>
    </message>
    <message>
        <source>The conversation could not be saved or read.</source>
        <translation>无法保存或读取对话。</translation>
    </message>
    <message>
        <source>The conversations were saved by a newer version of this program; update it to open them.</source>
        <translation>这些对话由本程序的较新版本保存，请更新程序后打开。</translation>
    </message>
    <message>
        <source>This backup cannot be read.</source>
        <translation>无法读取此备份。</translation>
    </message>
    <message>
        <source>This file is no backup of this program.</source>
        <translation>此文件不是本程序的备份。</translation>
    </message>
    <message>
        <source>This backup is damaged.</source>
        <translation>此备份已损坏。</translation>
    </message>
    <message>
        <source>The examination was not finished.</source>
        <translation>检查没有完成。</translation>
    </message>
    <message>
        <source>While an answer is on its way, versions stay as they are.</source>
        <translation>回答尚未完成时，版本保持不变。</translation>
    </message>
    <message>
        <source>This version could not be changed; it is as it was.</source>
        <translation>无法更改这个版本，它保持原样。</translation>
    </message>
</context>
<context>
    <name>SummaryDialog</name>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>This is sent in place of everything above it, except for what is pinned. Without a summary the messages themselves are sent again, as far as there is room.</source>
        <translation>它会代替其上方的全部内容发送，固定的消息除外。没有摘要时，会在空间允许的范围内重新发送这些消息本身。</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
</context>
<context>
    <name>TextSaver</name>
    <message>
        <source>Save the code</source>
        <translation>保存代码</translation>
    </message>
    <message>
        <source>“{name}” is already there. Replace it?</source>
        <translation>“{name}”已存在。要替换它吗？</translation>
    </message>
    <message>
        <source>What it holds now will be lost.</source>
        <translation>其中现有的内容将丢失。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation>已保存为 {name}</translation>
    </message>
    <message>
        <source>Not saved: {reason}</source>
        <translation>未保存：{reason}</translation>
    </message>
</context>
<context>
    <name>ThinkingPane</name>
    <message>
        <source>Thinking</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Thinking panel</source>
        <translation>思考面板</translation>
    </message>
    <message>
        <source>What the model thinks appears here, step by step, while it works.</source>
        <translation>模型工作时的思考会逐步显示在这里。</translation>
    </message>
    <message>
        <source>Put into a window of its own, or back</source>
        <translation>移到独立窗口，或移回</translation>
    </message>
    <message>
        <source>Detach the thinking panel</source>
        <translation>分离思考面板</translation>
    </message>
    <message>
        <source>Hide the thinking</source>
        <translation>隐藏思考过程</translation>
    </message>
    <message>
        <source>Hide the thinking panel</source>
        <translation>隐藏思考面板</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Shortened for the model; here it is whole</source>
        <translation>交给模型时已缩短；此处为完整内容</translation>
    </message>
    <message>
        <source>Round {number} of {most}</source>
        <translation>第 {number} 轮，最多 {most} 轮</translation>
    </message>
    <message>
        <source>Round {number}</source>
        <translation>第 {number} 轮</translation>
    </message>
    <message>
        <source>Show what it led to</source>
        <translation>显示由此得出的回答</translation>
    </message>
    <message>
        <source>Copy step</source>
        <translation>复制此步骤</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>复制为 JSON</translation>
    </message>
    <message>
        <source>What was sent for this…</source>
        <translation>为此发送的内容…</translation>
    </message>
</context>
<context>
    <name>TimingsPage</name>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Connecting and sending</source>
        <translation>连接并发送</translation>
    </message>
    <message>
        <source>Waiting for the first byte</source>
        <translation>等待首字节</translation>
    </message>
    <message>
        <source>Receiving</source>
        <translation>接收</translation>
    </message>
    <message>
        <source>Request sent at</source>
        <translation>请求发出于</translation>
    </message>
    <message>
        <source>First byte at</source>
        <translation>首字节到达于</translation>
    </message>
    <message>
        <source>First token at</source>
        <translation>首个 token 到达于</translation>
    </message>
    <message>
        <source>End at</source>
        <translation>结束于</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>每秒 token 数</translation>
    </message>
</context>
<context>
    <name>ToolCalls</name>
    <message>
        <source>Waiting for your permission: {names}</source>
        <translation>等待您的许可：{names}</translation>
    </message>
    <message>
        <source>Calling {names} …</source>
        <translation>正在调用 {names}…</translation>
    </message>
    <message>
        <source>Called {names}</source>
        <translation>已调用 {names}</translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation>{count} 个失败</translation>
    </message>
    <message>
        <source>{count} denied</source>
        <translation>{count} 个被拒绝</translation>
    </message>
    <message>
        <source>{count} interrupted</source>
        <translation>{count} 个中断</translation>
    </message>
    <message>
        <source>being written</source>
        <translation>正在写出</translation>
    </message>
    <message>
        <source>waiting for you</source>
        <translation>等待您</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>已允许</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} 等另外 {count} 个</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Thought</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Continued</source>
        <translation>接上文</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一个版本</translation>
    </message>
    <message>
        <source>Delete this version</source>
        <translation>删除此版本</translation>
    </message>
    <message>
        <source>Compare versions…</source>
        <translation>比较版本…</translation>
    </message>
    <message>
        <source>What was sent for this…</source>
        <translation>为此发送的内容…</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Wire</source>
        <translation>线路</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Stopped before an answer came</source>
        <translation>在回答到来之前已停止</translation>
    </message>
    <message>
        <source>Interrupted: the program ended while this was being written</source>
        <translation>已中断：生成过程中程序退出了</translation>
    </message>
    <message>
        <source>All rounds were used: no more tools could be called</source>
        <translation>轮数已用完：无法再调用工具</translation>
    </message>
    <message>
        <source>The service marked this answer as sensitive</source>
        <translation>服务方将此回答标记为敏感内容</translation>
    </message>
    <message>
        <source>The service marked the request as sensitive</source>
        <translation>服务方将此请求标记为敏感内容</translation>
    </message>
    <message>
        <source>Pinned: always sent</source>
        <translation>已固定：始终发送</translation>
    </message>
    <message>
        <source>Left out: not sent</source>
        <translation>不发送</translation>
    </message>
    <message>
        <source>Damaged on the disk: this is not what was saved</source>
        <translation>磁盘上的内容已损坏：与保存时不同</translation>
    </message>
    <message>
        <source>Tool call {name}</source>
        <translation>工具调用 {name}</translation>
    </message>
    <message>
        <source>Tool result {name}</source>
        <translation>工具结果 {name}</translation>
    </message>
</context>
<context>
    <name>TransferBlock</name>
    <message>
        <source>Conversations as files</source>
        <translation>以文件保存对话</translation>
    </message>
    <message>
        <source>Exports of Interleave, ChatGPT, Claude, Cherry Studio and Open WebUI can be imported; a file that is dropped on the window too. The API key is never part of an export.</source>
        <translation>可以导入 Interleave、ChatGPT、Claude、Cherry Studio 和 Open WebUI 的导出文件，也可以把文件拖到窗口上。导出文件绝不会包含 API 密钥。</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export all…</source>
        <translation>全部导出…</translation>
    </message>
</context>
<context>
    <name>TrashButtons</name>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>永久删除…</translation>
    </message>
    <message>
        <source>Empty trash…</source>
        <translation>清空回收站…</translation>
    </message>
</context>
<context>
    <name>TrashMenu</name>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>永久删除…</translation>
    </message>
</context>
<context>
    <name>Usage</name>
    <message>
        <source>The answers of this conversation that are shown</source>
        <translation>此对话中显示的回答</translation>
    </message>
    <message>
        <source>No price is known for {count} of the answers.</source>
        <translation>其中 {count} 条回答没有已知价格。</translation>
    </message>
    <message>
        <source>about {total} tokens</source>
        <translation>约 {total} 个 token</translation>
    </message>
    <message>
        <source>{total} tokens</source>
        <translation>{total} 个 token</translation>
    </message>
    <message>
        <source>{count} requests, added up</source>
        <translation>{count} 次请求合计</translation>
    </message>
    <message>
        <source>Request: {count} tokens</source>
        <translation>请求：{count} 个 token</translation>
    </message>
    <message>
        <source>of these from the cache: {count}</source>
        <translation>其中来自缓存：{count}</translation>
    </message>
    <message>
        <source>Answer: {count} tokens</source>
        <translation>回答：{count} 个 token</translation>
    </message>
    <message>
        <source>of these thinking: {count}</source>
        <translation>其中思考：{count}</translation>
    </message>
    <message>
        <source>Price list of {date}: {cost}</source>
        <translation>按 {date} 的价目表：{cost}</translation>
    </message>
</context>
<context>
    <name>ValueInput</name>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Show the value</source>
        <translation>显示值</translation>
    </message>
    <message>
        <source>Hide the value</source>
        <translation>隐藏值</translation>
    </message>
</context>
<context>
    <name>WaitingCards</name>
    <message>
        <source>Waiting messages</source>
        <translation>等待发送的消息</translation>
    </message>
    <message>
        <source>Not sent yet: the answer before did not come to its end.</source>
        <translation>尚未发送：前一个回答没有完成。</translation>
    </message>
    <message>
        <source>Sent when the answer is complete:</source>
        <translation>当前回答完成后发送：</translation>
    </message>
    <message>
        <source>Send now</source>
        <translation>立即发送</translation>
    </message>
</context>
<context>
    <name>WireDialog</name>
    <message>
        <source>“{name}” is already there. Replace it?</source>
        <translation>“{name}”已存在。要替换它吗？</translation>
    </message>
    <message>
        <source>What it holds now will be lost.</source>
        <translation>其中现有的内容将丢失。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Not sent: an answer is on its way, or this one is no longer in the conversation.</source>
        <translation>未发送：有回复正在生成，或者这条回复已不在对话中。</translation>
    </message>
    <message>
        <source>Written to {path}</source>
        <translation>已写入 {path}</translation>
    </message>
    <message>
        <source>Not written: {reason}</source>
        <translation>未写入：{reason}</translation>
    </message>
    <message>
        <source>Not copied: the body of this request is no JSON object.</source>
        <translation>未复制：此请求的正文不是 JSON 对象。</translation>
    </message>
    <message>
        <source>Copied. The key is not part of it.</source>
        <translation>已复制，其中不含密钥。</translation>
    </message>
    <message>
        <source>Export the exchange</source>
        <translation>导出此次交互</translation>
    </message>
    <message>
        <source>Exchanges</source>
        <translation>交互记录</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>无回复</translation>
    </message>
    <message>
        <source>Failure: {detail}</source>
        <translation>失败：{detail}</translation>
    </message>
    <message>
        <source>Wire</source>
        <translation>线路</translation>
    </message>
    <message>
        <source>Re&amp;quest</source>
        <translation>请求(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Events</source>
        <translation>事件(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Timings</source>
        <translation>计时(&amp;T)</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>Copy as &amp;curl</source>
        <translation>复制为 &amp;curl 命令</translation>
    </message>
    <message>
        <source>Copy as &amp;Python</source>
        <translation>复制为 &amp;Python 代码</translation>
    </message>
    <message>
        <source>Copy as &amp;JSON</source>
        <translation>复制为 &amp;JSON 文本</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <source>&amp;Resend exactly</source>
        <translation>原样重发(&amp;R)</translation>
    </message>
</context>
<context>
    <name>WireOpener</name>
    <message>
        <source>What went over the wire cannot be read.</source>
        <translation>无法读取线路记录。</translation>
    </message>
    <message>
        <source>Nothing was recorded for this answer.</source>
        <translation>这条回复没有线路记录。</translation>
    </message>
    <message>
        <source>Recording was switched off, no request was sent, or the answer is older than what is kept.</source>
        <translation>记录功能已关闭、没有发出请求，或者这条回复早于所保留的记录。</translation>
    </message>
</context>
<context>
    <name>WireText</name>
    <message>
        <source>Only the first {shown} of {length} characters are shown here; copying and exporting take all of them.</source>
        <translation>这里只显示前 {shown} 个字符，共 {length} 个；复制和导出包含全部内容。</translation>
    </message>
</context>
<context>
    <name>_Card</name>
    <message>
        <source>Waiting message</source>
        <translation>等待发送的消息</translation>
    </message>
    <message>
        <source>Edit waiting message</source>
        <translation>编辑等待的消息</translation>
    </message>
    <message>
        <source>Remove waiting message</source>
        <translation>移除等待的消息</translation>
    </message>
</context>
<context>
    <name>_Notice</name>
    <message>
        <source>Close this notice</source>
        <translation>关闭此提示</translation>
    </message>
</context>
</TS>
