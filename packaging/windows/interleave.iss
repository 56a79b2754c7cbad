; Inno Setup 6: the installer for Windows. package.ps1 calls it:
;   ISCC.exe /DAppVersion=0.1.0 /DSource=dist\interleave /DOutput=dist packaging\windows\interleave.iss
; For one person unless asked otherwise, so that no administrator is needed. Silent: /VERYSILENT
; /SUPPRESSMSGBOXES; for everybody: /ALLUSERS. Uninstalling asks whether conversations go too, and
; keeps them when it cannot ask; /DELETEDATA makes a silent one take them. Keys stay in the
; Credential Manager, where the program's settings remove them.
;
; An earlier version is put aside, and removed only once the new one has passed its own check where it
; will lie; otherwise, or when installing breaks off, it is put back. A silent setup then ends with 9.

#ifndef AppVersion
  #error AppVersion is missing: /DAppVersion=0.1.0
#endif
#ifndef Source
  #define Source "..\..\dist\interleave"
#endif
#ifndef Output
  #define Output "..\..\dist"
#endif
#define AppName "Interleave"
#define AppId "io.github.interleave_chat.Interleave"
#define AppUrl "https://github.com/interleave-chat/interleave"

[Setup]
AppId={{6C1B44F2-5F0E-4B59-9A0C-2C9A4E7D6B31}
AppName={#AppName}
AppVersion={#AppVersion}
AppVerName={#AppName} {#AppVersion}
AppPublisher=The Interleave team
AppPublisherURL={#AppUrl}
AppSupportURL={#AppUrl}/issues
DefaultDirName={autopf}\{#AppName}
DefaultGroupName={#AppName}
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir={#Output}
OutputBaseFilename={#AppName}-{#AppVersion}-windows-x64-setup
SetupIconFile={#Source}\..\..\build\build\interleave.ico
UninstallDisplayIcon={app}\{#AppName}.exe
LicenseFile=..\..\LICENSE
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
; A running program is asked to close, which it does in order, and is started again.
CloseApplications=yes
RestartApplications=no

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#AppName}"; Filename: "{app}\{#AppName}.exe"; AppUserModelID: "{#AppId}"
Name: "{autodesktop}\{#AppName}"; Filename: "{app}\{#AppName}.exe"; AppUserModelID: "{#AppId}"; Tasks: desktopicon

[Run]
Filename: "{app}\{#AppName}.exe"; Description: "{cm:LaunchProgram,{#AppName}}"; Flags: nowait postinstall skipifsilent; Check: IsProven

[UninstallDelete]
Type: filesandordirs; Name: "{app}\_internal.old"
Type: files; Name: "{app}\{#AppName}.exe.old"

[Code]
var
  HasBegun, Proven: Boolean;

function IsProven(): Boolean;
begin
  Result := Proven;
end;

{ What of the program is exchanged as a whole. What the person made is elsewhere. }
function Part(Index: Integer): String;
begin
  if Index = 0 then
    Result := ExpandConstant('{app}\{#AppName}.exe')
  else
    Result := ExpandConstant('{app}\_internal');
end;

function IsThere(Path: String): Boolean;
begin
  Result := FileExists(Path) or DirExists(Path);
end;

procedure Remove(Path: String);
begin
  DelTree(Path, DirExists(Path), True, True);
end;

{ As long as the earlier program file lies aside, the new version is not proven. }
procedure PutAside();
var
  Index: Integer;
begin
  if not IsThere(Part(0) + '.old') then
    Remove(Part(1) + '.old');
  for Index := 0 to 1 do
    if IsThere(Part(Index) + '.old') then
      { An earlier setup was cut off: what lies in its place is half of a version. }
      Remove(Part(Index))
    else if IsThere(Part(Index)) and not RenameFile(Part(Index), Part(Index) + '.old') then
      RaiseException('In use by another program: ' + Part(Index));
end;

function PutBack(): Boolean;
var
  Index: Integer;
begin
  Result := IsThere(Part(0) + '.old');
  if Result then
    for Index := 1 downto 0 do
      if IsThere(Part(Index) + '.old') then
      begin
        Remove(Part(Index));
        Result := RenameFile(Part(Index) + '.old', Part(Index)) and Result;
      end;
end;

procedure Prove();
var
  Status, Index: Integer;
  Report, Text: String;
  Said: AnsiString;
begin
  Report := ExpandConstant('{tmp}\self-check.txt');
  Proven := Exec(Part(0), '--self-check "' + Report + '"', '', SW_HIDE, ewWaitUntilTerminated, Status)
    and (Status = 0);
  if Proven then
  begin
    for Index := 0 to 1 do
      Remove(Part(Index) + '.old');
    Exit;
  end;
  Text := 'This version does not run here.';
  if PutBack() then
    Text := Text + ' The earlier one was put back.';
  if LoadStringFromFile(Report, Said) then
    Log(String(Said));
  SuppressibleMsgBox(Text, mbCriticalError, MB_OK, IDOK);
end;

procedure CurStepChanged(Step: TSetupStep);
begin
  if Step = ssInstall then
  begin
    HasBegun := True;
    PutAside();
  end
  else if Step = ssPostInstall then
    Prove();
end;

procedure DeinitializeSetup();
begin
  if HasBegun and not Proven then
    PutBack();
end;

function GetCustomSetupExitCode(): Integer;
begin
  Result := 0;
  if not Proven then
    Result := 9;
end;

function DeletesData(): Boolean;
var
  Index: Integer;
begin
  Result := False;
  for Index := 1 to ParamCount do
    if CompareText(ParamStr(Index), '/DELETEDATA') = 0 then
      Result := True;
  if not Result and not UninstallSilent then
    Result := MsgBox('Delete your conversations and settings too? This cannot be undone.',
      mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if Step = usPostUninstall then
    if DeletesData() then
      DelTree(ExpandConstant('{localappdata}\{#AppName}'), True, True, True);
end;
