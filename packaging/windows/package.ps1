# Makes the installer and the portable archive for Windows from dist\interleave, signed where a
# certificate is given. Run it after `packaging\freeze.py`.
#
#   SIGN_COMMAND  what signs a file, its path put in place of {file}; without it nothing is signed,
#                 and Windows warns of an unknown publisher. For example, for a certificate in the
#                 store: signtool sign /fd sha256 /tr http://timestamp.digicert.com /td sha256 {file}
#   ISCC          the compiler of Inno Setup 6, where it is not in its usual place

$ErrorActionPreference = "Stop"
Set-StrictMode -Version Latest

$root = (Resolve-Path (Join-Path $PSScriptRoot "..\..")).Path
Set-Location $root
$dist = Join-Path $root "dist"
$program = Join-Path $dist "interleave"
$python = Join-Path $root ".venv-package\Scripts\python.exe"
$version = (& $python -c "import desktop_app; print(desktop_app.__version__)").Trim()

function Invoke-Signing([string] $file) {
    if (-not $env:SIGN_COMMAND) {
        Write-Output "interleave: not signed: $file"
        return
    }
    $command = $env:SIGN_COMMAND.Replace("{file}", "`"$file`"")
    & cmd.exe /d /c $command
    if ($LASTEXITCODE -ne 0) { throw "signing failed: $file" }
}

# The program first, so that the installer and the archive hold it signed.
Invoke-Signing (Join-Path $program "Interleave.exe")

$portable = Join-Path $dist "interleave-$version-windows-x64.zip"
if (Test-Path $portable) { Remove-Item $portable }
Compress-Archive -Path $program -DestinationPath $portable -CompressionLevel Optimal

$compiler = $env:ISCC
if (-not $compiler) { $compiler = Join-Path ${env:ProgramFiles(x86)} "Inno Setup 6\ISCC.exe" }
& $compiler /Qp "/DAppVersion=$version" "/DSource=$program" "/DOutput=$dist" (Join-Path $PSScriptRoot "interleave.iss")
if ($LASTEXITCODE -ne 0) { throw "Inno Setup failed" }
Invoke-Signing (Join-Path $dist "Interleave-$version-windows-x64-setup.exe")
